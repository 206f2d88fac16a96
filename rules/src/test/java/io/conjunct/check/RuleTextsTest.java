// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Owners, runbooks, and names that must be unique over all files. */
class RuleTextsTest {

    @Test
    void pageWithoutRunbookOrSummary_isRefused() {
        Loaded loaded = RuleFile.page("faults > 1% AND p99 > 1s", "annotations: {note: x}");
        assertThat(RuleFile.ids(loaded)).containsExactly("rule/missing-runbook", "rule/missing-summary");
        assertThat(loaded.ruleSet()).isEmpty();
    }

    @Test
    void ticketWithoutRunbook_isAWarning() {
        Loaded loaded = RuleFile.rule("when: faults > 1%", "tier: ticket", "annotations: {summary: x}");
        assertThat(RuleFile.ids(loaded)).containsExactly("rule/missing-runbook");
        assertThat(loaded.ruleSet()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wiki/slow", "see wiki", "ftp://x/y", "https://"})
    void runbookThatIsNoLink_isRefused(String url) {
        assertThat(RuleFile.ids(RuleFile.rule(
                        "when: faults > 1%", "tier: ticket", "annotations: {summary: x, runbook_url: '" + url + "'}")))
                .containsExactly("rule/runbook-url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  owner:\n", "  owner: ''\n", "  owner: ' '\n"})
    void groupWithoutOwner_isRefused(String owner) {
        Loaded loaded = RuleFile.load("groups:\n- name: test\n" + owner + "  rules: []\n");
        assertThat(RuleFile.ids(loaded)).contains("rule/missing-owner");
    }

    @Test
    void nameOfAnotherFile_isRefusedWithItsPlace() {
        String rule = """
                groups:
                - name: %s
                  owner: platform
                  signals: {a: {measure: count, of: span, over: 10m}}
                  rules:
                  - {alert: Same, when: a > 1, tier: annotate}
                """;
        Loaded loaded = RuleLoader.load(
                List.of(
                        new RuleSource("b.yaml", String.format(rule, "one")),
                        new RuleSource("a.yaml", String.format(rule, "two")),
                        new RuleSource("c.yaml", String.format(rule, "one"))),
                "r1");
        assertThat(loaded.diagnostics())
                .extracting(Diagnostic::path, Diagnostic::id, Diagnostic::message)
                .containsExactly(
                        tuple("a.yaml", "rule/duplicate-name", "the alert `Same` exists already, in b.yaml:6"),
                        tuple("c.yaml", "group/duplicate-name", "the group `one` exists already, in b.yaml:2"),
                        tuple("c.yaml", "rule/duplicate-name", "the alert `Same` exists already, in b.yaml:6"));
    }
}
