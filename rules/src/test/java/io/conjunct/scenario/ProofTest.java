// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Setting;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rule/no-firing-test} and {@code rule/no-quiet-test}. */
class ProofTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeEach
    void rules() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), """
                groups:
                - name: g
                  owner: team
                  signals: {level: {measure: max(value), of: metric level, over: 1m}}
                  rules:
                  - {alert: High, when: level > 5, tier: annotate}
                """);
    }

    private List<String> missing(Path path) throws IOException {
        Loaded loaded = RuleLoader.fromPaths(List.of(path), Setting.DEFAULT);
        return Proof.missing(loaded, List.of(path)).stream()
                .map(d -> d.id() + " " + d.line() + ":" + d.column())
                .toList();
    }

    private void test(String name, String expect) throws IOException {
        Files.writeString(
                directory.resolve(name),
                "rules: a.yaml\ntests:\n- name: t\n  given: [{at: 1m, metric: {metric.name: level, value: 9}}]\n  expect: "
                        + expect + "\n");
    }

    @Test
    void ruleWithoutTests_lacksBoth() throws IOException {
        assertThat(missing(directory)).containsExactly("rule/no-firing-test 6:13", "rule/no-quiet-test 6:13");
    }

    @Test
    void eachKindOfTest_provesItsPart() throws IOException {
        test("fires.test.yaml", "[{alert: High, firing: 70s}]");
        assertThat(missing(directory)).containsExactly("rule/no-quiet-test 6:13");
        test("quiet.test.yaml", "[]");
        assertThat(missing(directory)).isEmpty();
    }

    @Test
    void testsBesideASingleFile_areSeen() throws IOException {
        test("fires.test.yaml", "[{alert: High, firing: 70s}]");
        assertThat(missing(directory.resolve("a.yaml"))).containsExactly("rule/no-quiet-test 6:13");
    }

    @Test
    void examplesOfTheRepository_areProven() throws IOException {
        Path examples = Path.of("examples");
        Loaded loaded = RuleLoader.fromPaths(List.of(examples), Setting.DEFAULT);
        assertThat(loaded.places()).isNotEmpty();
        assertThat(Proof.missing(loaded, List.of(examples)))
                .extracting(Diagnostic::message)
                .isEmpty();
    }
}
