// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerJson;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Page;
import io.conjunct.record.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A pull request as a user makes it: rules in git, telemetry as the Collector wrote it, and what exit codes say. */
final class BacktestCommandTest {
    @TempDir
    static Path directory;

    private static Path rules;

    @BeforeAll
    static void write() throws Exception {
        SlowTraces.write(directory.resolve("traces.jsonl"));
        Files.writeString(directory.resolve("incidents.yaml"), """
                incidents:
                - {id: INC-1, start: 2026-03-01T09:10:00Z, end: 2026-03-01T09:15:00Z}
                - {id: INC-2, start: 2026-03-01T09:25:00Z, end: 2026-03-01T09:30:00Z}
                """);
        rules = Files.createDirectory(directory.resolve("rules"));
        Files.writeString(rules.resolve("read-api.yaml"), SlowTraces.RULES);
        git("init", "-q");
        git("add", "rules");
        git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "Rules");
    }

    private static void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /** What a command printed and how it ended. */
    private record Ended(int code, String out, String err) {}

    private static Ended backtest(String incidents, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "backtest",
                "--history",
                directory.resolve("traces.jsonl").toString(),
                "--rules",
                rules.toString(),
                "--incidents",
                incidents));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Conjunct.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Ended(command.execute(arguments.toArray(String[]::new)), out.toString(), err.toString());
    }

    private static Ended pullRequest(String yaml, String... more) throws IOException {
        Files.writeString(rules.resolve("read-api.yaml"), yaml);
        List<String> arguments = new ArrayList<>(List.of("--against", "HEAD", "--format", "markdown"));
        arguments.addAll(List.of(more));
        return backtest(directory.resolve("incidents.yaml").toString(), arguments.toArray(String[]::new));
    }

    @Test
    void changeThatLosesAnIncident_isRefusedWithExitOne() throws IOException {
        Ended ended = pullRequest(SlowTraces.RULES.replace("500ms", "800ms"));
        assertThat(ended.code()).as(ended.err()).isEqualTo(1);
        assertThat(ended.out())
                .startsWith("### Backtest: do not merge")
                .contains("SlowAndFailing no longer catches INC-2")
                .contains("```diff\n- when: p95 > 500ms AND fault > 5%\n+ when: p95 > 800ms AND fault > 5%\n```")
                .contains("p95 > 800ms alone (the symptom) | 2 | 1/2");
    }

    @Test
    void changeThatKeepsThem_isNotRefused() throws IOException {
        Ended ended = pullRequest(SlowTraces.RULES.replace("for: 30s", "for: 1m"));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).startsWith("### Backtest: no objection").contains("2 of 2 incidents caught");
        // The p95 alone pages once for nothing in three quarters of an hour.
        assertThat(ended.out()).contains(" | ~225 | ").contains("less than a week, so figures per week are scaled up");
    }

    @Test
    void changeThatPagesTooOften_isRefusedWithExitOne() throws IOException {
        Ended ended = pullRequest(SlowTraces.RULES.replace("for: 30s", "for: 20s"), "--max-pages-per-week", "2");
        assertThat(ended.code()).as(ended.err()).isEqualTo(1);
        assertThat(ended.out()).contains("SlowAndFailing would page 449.7 times a week (at most 2 allowed)");
    }

    @Test
    void verdictsOfPeople_areIncidents() throws IOException {
        Files.writeString(rules.resolve("read-api.yaml"), SlowTraces.RULES);
        long page = SlowTraces.START + 11 * 60_000;
        Ledger ledger = new Ledger(
                List.of(Page.of("v1:a", "SlowAndFailing{}", "SlowAndFailing", "r1", "team", page)),
                List.of(Verdict.said("v1:a", Verdict.Kind.INCIDENT, "", "ada", page, Verdict.Source.COMMAND)),
                List.of(new MissedIncident("INC-7", "SlowAndFailing", SlowTraces.START + 44 * 60_000)),
                List.of(),
                Cost.in(ZoneOffset.UTC));
        Path file = Files.writeString(directory.resolve("ledger.json"), LedgerJson.write(ledger));
        Ended ended = backtest(file.toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("1 of 2 incidents caught").contains("SlowAndFailing missed INC-7");
    }

    @Test
    void wrongPaths_areSaidWithTheFix() throws IOException {
        Ended none = backtest("nowhere.yaml");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("--incidents nowhere.yaml: there is no such file");
    }
}
