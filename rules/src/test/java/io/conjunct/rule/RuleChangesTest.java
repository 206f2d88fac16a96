// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.rule.RuleChanges.Change;
import io.conjunct.rule.RuleChanges.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RuleChangesTest {
    private static final String GROUP = """
            groups:
            - name: g
              owner: team
              signals:
                level: {measure: max(value), of: metric level, over: 10s}
                other: {measure: max(value), of: metric other, over: 10s}
              rules:
              - {alert: A, when: level > 5, tier: ticket}
              - {alert: B, when: other > 5, tier: ticket}
            """;

    private static RuleChanges between(String before, String after) {
        return RuleChanges.between(load(before), load(after));
    }

    private static RuleSet load(String text) {
        Loaded loaded = RuleLoader.load(List.of(new RuleSource("g.yaml", text)), "r");
        return loaded.ruleSet().orElseThrow(() -> new AssertionError(loaded.diagnostics()));
    }

    @Test
    void sameRules_reformatted_areUnchanged() {
        RuleChanges none = between(GROUP, GROUP.replace("over: 10s", "over:   10s") + "# a comment\n");
        assertThat(none.changes()).isEmpty();
        assertThat(none).hasToString("2 unchanged");
    }

    @Test
    void everyKind_isToldApart() {
        String after = GROUP.replace("level > 5, tier: ticket", "level > 5, tier: annotate")
                .replace("B, when: other > 5", "C, when: other > 5");
        assertThat(between(GROUP, after).changes())
                .containsExactly(
                        new Change("g", "A", Kind.REWORDED),
                        new Change("g", "C", Kind.ADDED),
                        new Change("g", "B", Kind.REMOVED));
        assertThat(between(GROUP, after)).hasToString("1 added (C), 1 reworded (A), 1 removed (B), 0 unchanged");
    }

    @Test
    void changedSignal_changesTheRulesThatReadIt() {
        RuleChanges changes = between(GROUP, GROUP.replace("metric other, over: 10s", "metric other, over: 20s"));
        assertThat(changes.changes()).containsExactly(new Change("g", "B", Kind.CHANGED));
        assertThat(changes.unchanged()).isEqualTo(1);
    }

    @Test
    void renamedGroup_movesItsRules() {
        assertThat(between(GROUP, GROUP.replace("name: g", "name: h")).changes())
                .containsExactly(new Change("h", "A", Kind.MOVED), new Change("h", "B", Kind.MOVED));
    }
}
