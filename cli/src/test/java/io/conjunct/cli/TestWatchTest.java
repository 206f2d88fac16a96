// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code conjunct test --watch}, as somebody at work on a rule uses it: the tests lie beside the rules' directory. */
final class TestWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RULES = """
            groups:
            - name: g
              owner: team
              signals:
                level: {measure: max(value), of: metric level, over: 1m}
              rules:
              - alert: High
                when: level > 5
                tier: ticket
                annotations: {summary: "high", runbook_url: "https://runbooks.example.com/high"}
            """;
    private static final String TEST = """
            rules: %s
            tests:
            - name: high
              given: [{at: 1m, metric: {metric.name: level, value: 9}}]
              expect: [{alert: High, firing: 1m10s}]
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    @SuppressWarnings("NullAway.Init")
    private Thread watcher;

    @SuppressWarnings("NullAway.Init")
    private Path rule;

    @SuppressWarnings("NullAway.Init")
    private Path tests;

    private int heard;

    @BeforeEach
    void start() throws IOException {
        rule = Files.createDirectories(directory.resolve("rules")).resolve("high.yaml");
        tests = Files.createDirectories(directory.resolve("tests"));
        Files.writeString(rule, RULES);
        Files.writeString(tests.resolve("high.test.yaml"), TEST.formatted("../rules/high.yaml"));
        watcher = new Thread(() -> {
            CommandLine line = Conjunct.commandLine();
            line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
            ended.complete(line.execute("test", "--watch", tests.toString()));
        });
        watcher.start();
        awaitReport("1 test, all passed");
        awaitSaid("watching 2 files; Ctrl-C ends");
    }

    /** As Ctrl-C, without the end of the process. */
    @AfterEach
    void interrupt() throws Exception {
        watcher.interrupt();
        ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The next report, in full, says this. */
    private void awaitReport(String what) {
        int begin = heard;
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ended).isNotDone();
            assertThat(out.toString().substring(begin)).contains(what);
        });
        heard = out.toString().length();
    }

    private void awaitSaid(String what) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(err.toString()).contains(what));
    }

    @Test
    void ruleElsewhere_editedBrokenAndMended_isTestedAgain() throws Exception {
        Files.writeString(rule, RULES.replace("level > 5", "level > 50"));
        awaitReport("1 test, 1 failed");
        awaitSaid("high.yaml");
        Files.writeString(rule, RULES.replace("level > 5", "level > [5"));
        awaitReport("\n" + rule + ":8:");
        // As editors do it: another file under the old name.
        Path other = Files.writeString(rule.resolveSibling("high.yaml~"), RULES);
        Files.move(other, rule, StandardCopyOption.REPLACE_EXISTING);
        awaitReport("1 test, all passed");
        Files.delete(rule);
        awaitReport("there is no file");
        Files.writeString(rule, RULES);
        awaitReport("1 test, all passed");
        watcher.interrupt();
        assertThat(ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
    }

    @Test
    void directoriesThatComeAndGo_asAtACheckout_areFollowed() throws Exception {
        Path deep = Files.createDirectories(tests.resolve("later/deep"));
        Path test = Files.writeString(deep.resolve("more.test.yaml"), TEST.formatted("../../../rules/high.yaml"));
        awaitReport("2 tests, all passed");
        Files.delete(test);
        Files.delete(deep);
        awaitReport("1 test, all passed");
        Path all = tests.resolve("high.test.yaml");
        Path away = Files.move(all, directory.resolve("away"));
        awaitSaid("no test here");
        Files.move(away, all);
        awaitReport("1 test, all passed");
    }

    @Test
    void pathThatIsGone_isSaid_andWaitedFor() throws Exception {
        Path away = Files.move(tests, directory.resolve("away"));
        awaitSaid("tests does not exist");
        Files.move(away, tests);
        awaitReport("1 test, all passed");
    }
}
