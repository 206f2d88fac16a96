// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Findings;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatterTest {
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml[a-z ]*\n(.*?)```");

    private static Optional<String> format(String text, Findings findings) {
        return Formatter.format(new RuleSource("test.yaml", text), findings);
    }

    private static String format(String text) {
        Findings findings = new Findings();
        return format(text, findings)
                .orElseThrow(() -> new AssertionError(findings.sorted(List.of("test.yaml")) + "\n" + text));
    }

    /** Every rule file of the repository, wrong ones too, and every example of its documents. */
    static Stream<RuleSource> corpus() throws IOException {
        List<RuleSource> sources = new ArrayList<>();
        for (String directory : List.of("examples", "conformance", "src/test/resources", "../cli/src/main/resources")) {
            try (Stream<Path> files = Files.walk(Path.of(directory))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".yaml"))
                        .sorted()
                        .toList()) {
                    try {
                        sources.add(new RuleSource(file.toString(), Files.readString(file)));
                    } catch (MalformedInputException e) {
                        // Not text, on purpose.
                    }
                }
            }
        }
        try (Stream<Path> files = Files.walk(Path.of("../docs"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
                EXAMPLE.matcher(Files.readString(file))
                        .results()
                        .forEach(example -> sources.add(new RuleSource(file + "", example.group(1))));
            }
        }
        return sources.stream();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void formatted_meansTheSame_andStaysAsItIs(RuleSource source) {
        Optional<String> once = Formatter.format(source, new Findings());
        Loaded before = RuleLoader.load(List.of(source), "r1");
        if (once.isEmpty()) {
            assertThat(before.ruleSet())
                    .as("a file that can be used is formatted")
                    .isEmpty();
            return;
        }
        RuleSource after = new RuleSource(source.path(), once.get());
        assertThat(Formatter.format(after, new Findings())).isEqualTo(once);
        Loaded loaded = RuleLoader.load(List.of(after), "r1");
        assertThat(loaded.ruleSet().map(RuleSet::groups))
                .isEqualTo(before.ruleSet().map(RuleSet::groups));
        assertThat(loaded.diagnostics())
                .extracting(Diagnostic::id)
                .containsExactlyInAnyOrderElementsOf(
                        before.diagnostics().stream().map(Diagnostic::id).toList());
    }

    @Test
    void form_isThis() {
        assertThat(format("""
                # yaml-language-server: $schema=./conjunct.schema.json
                groups:
                    - owner: docs
                      name: reads

                      # what we watch
                      rules:
                        - when: "p99>1000ms   AND   faults > -1*(0.1%)"   # both
                          alert: Slow
                          for: 90m
                          tier: page
                          annotations: {runbook_url: "https://runbooks.example.com/slow", summary: Reads are slow}
                      signals:
                        p99:
                          over: 600s
                          measure: p99(duration)
                          of: span
                        # of all reads
                        faults:
                          measure: ratio(status = "error")
                          of: span
                          where:
                            service.name: read-api   # the only one
                          over: 10m
                """)).isEqualTo("""
                # yaml-language-server: $schema=./conjunct.schema.json
                groups:
                - name: reads
                  owner: docs
                  signals:
                    p99: {measure: p99(duration), of: span, over: 10m}
                    # of all reads
                    faults:
                      measure: ratio(status = "error")
                      of: span
                      where:
                        service.name: read-api # the only one
                      over: 10m

                  # what we watch
                  rules:
                  - alert: Slow
                    when: "p99 > 1000ms AND faults > -1 * (0.1%)" # both
                    for: 1h30m
                    tier: page
                    annotations: {summary: Reads are slow, runbook_url: "https://runbooks.example.com/slow"}
                """);
    }

    @Test
    void commentBeforeARule_staysBeforeIt() {
        String text = """
                groups:
                # the first
                - name: a
                  owner: b
                  signals:
                    x: {measure: count, of: span, over: 1m}
                  rules:

                  # one
                  - alert: A
                    when: x > 1
                    tier: annotate

                  # two
                  - alert: B
                    # what is too much
                    when: x > 2
                    tier: annotate
                  # three
                  - {alert: C, when: x > 3, tier: annotate} # behind
                  - {alert: D, when: x > 4, tier: annotate}
                """;
        assertThat(format(text)).isEqualTo(text);
        assertThat(format(text.replace(
                        "  # one\n  - alert: A\n    when: x > 1\n", "  # one\n  - when: x > 1\n    alert: A\n")))
                .isEqualTo(text);
    }

    @Test
    void windowsLineEndings_stay() {
        String text = "groups:\r\n- owner: docs\r\n  name: a\r\n  rules: []\r\n";
        assertThat(format(text)).isEqualTo("groups:\r\n- name: a\r\n  owner: docs\r\n  rules: []\r\n");
    }

    @Test
    void fileThatCannotBeRead_isRefusedWithItsPlace() {
        Findings findings = new Findings();
        assertThat(format("groups: [", findings)).isEmpty();
        assertThat(findings.sorted(List.of("test.yaml")))
                .extracting(Diagnostic::id)
                .containsExactly("yaml/syntax");
        Findings other = new Findings();
        assertThat(format("rules: read-api.yaml\ntests: []\n", other)).isEmpty();
        assertThat(other.sorted(List.of("test.yaml")))
                .extracting(Diagnostic::id)
                .containsExactly("fmt/no-rules");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "groups:\n- {name: a, owner: b, rules: []} # why\n",
                "# first\n\n# second\ngroups:\n# third\n- name: a\n  owner: b # fourth\n  # fifth\n  rules: []\n# last\n",
                "groups:\n- name: a\n  owner: b\n  signals:\n    # one\n    x: {measure: count, of: span, over: 1m} # two\n  rules:\n  # three\n  - alert: A # four\n    # five\n    when: x > 1 # six\n    tier: annotate\n  # seven\n"
            })
    void comments_stay(String text) {
        String formatted = format(text);
        assertThat(formatted.lines().filter(l -> l.contains("#")).count())
                .isEqualTo(text.lines().filter(l -> l.contains("#")).count());
    }
}
