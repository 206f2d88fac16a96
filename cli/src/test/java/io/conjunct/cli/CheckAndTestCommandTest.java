// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the rule developer's commands print and end with. */
final class CheckAndTestCommandTest {
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
            rules: a.yaml
            tests:
            - name: high
              given: [{at: 1m, metric: {metric.name: level, value: 9}}]
              expect: [{alert: High, firing: %s}]
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Conjunct.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    @Test
    void check_cleanRules_isZeroAndCountsThem() throws IOException {
        assertThat(run("check", write("a.yaml", RULES))).isZero();
        assertThat(out.toString().strip()).isEqualTo("1 file, 1 group, 1 signal, 1 rule: 0 errors, 0 warnings");
    }

    @Test
    void check_errorIsOne_warningIsOneOnlyWhenStrict_noYamlIsTwo() throws IOException {
        assertThat(run("check", write("error.yaml", RULES.replace("level > 5", "levle > 5"))))
                .isEqualTo(1);
        assertThat(out.toString()).contains("error.yaml:8:11: error:", "^^^^^");
        String warning =
                write("warning.yaml", RULES.replace(", runbook_url: \"https://runbooks.example.com/high\"", ""));
        assertThat(run("check", warning)).isZero();
        assertThat(run("check", "--strict", warning)).isEqualTo(1);
        assertThat(run("check", write("broken.yaml", "groups: ["))).isEqualTo(2);
        assertThat(run("check", directory.resolve("none").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("none does not exist");
    }

    @Test
    void test_passesFailsOrCannotLoad() throws IOException {
        write("a.yaml", RULES);
        assertThat(run("test", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("no test here");
        String passing = write("p.test.yaml", TEST.formatted("70s"));
        assertThat(run("test", passing)).isZero();
        assertThat(run("test", write("f.test.yaml", TEST.formatted("2m")))).isEqualTo(1);
        assertThat(run("test", write("b.test.yaml", TEST.formatted("soon")))).isEqualTo(2);
        assertThat(out.toString()).contains("✓ high", "✗ high", "✗ cannot be used", "`soon` is not a duration");
        Path junit = directory.resolve("junit.xml");
        assertThat(run("test", "--format", "junit", "--output", junit.toString(), passing))
                .isZero();
        assertThat(junit).content().contains("<testcase name=\"high\"");
    }

    @Test
    void schema_isJson() {
        assertThat(run("schema")).isZero();
        assertThat(out.toString()).startsWith("{").contains("2020-12");
    }
}
