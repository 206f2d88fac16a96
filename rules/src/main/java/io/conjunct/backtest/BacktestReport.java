// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Tier;
import java.util.List;
import java.util.Optional;

/**
 * What a backtest found.
 *
 * @param incidents how many there were in the time of the history
 * @param revisions one, or the older and the newer
 * @param changes rules that differ between the two
 * @param findings what a pull request should not be merged with
 * @param notes what limits how far this can be trusted
 */
public record BacktestReport(
        Stretch stretch,
        int incidents,
        List<Revision> revisions,
        List<Change> changes,
        List<Finding> findings,
        List<String> notes) {
    public BacktestReport {
        requireNonNull(stretch, "stretch");
        revisions = List.copyOf(revisions);
        changes = List.copyOf(changes);
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** The rules under judgement. */
    public Revision newest() {
        return revisions.get(revisions.size() - 1);
    }

    /**
     * One rule set.
     *
     * @param total all page rules that are live, together
     */
    public record Revision(String name, Score total, List<RuleScore> rules) {
        public Revision {
            requireNonNull(name, "name");
            requireNonNull(total, "total");
            rules = List.copyOf(rules);
        }

        Optional<RuleScore> rule(String group, String rule) {
            return rules.stream()
                    .filter(r -> r.group().equals(group) && r.rule().equals(rule))
                    .findFirst();
        }
    }

    /**
     * One rule.
     *
     * @param definition its decisive keys as they would be written
     * @param fingerprint equal when it decides the same
     */
    public record RuleScore(
            String group,
            String rule,
            Tier tier,
            boolean shadow,
            List<String> definition,
            String fingerprint,
            Score score,
            List<RivalScore> rivals) {
        public RuleScore {
            definition = List.copyOf(definition);
            rivals = List.copyOf(rivals);
        }

        boolean pages() {
            return tier == Tier.PAGE && !shadow;
        }
    }

    /**
     * What one leg alone would have done.
     *
     * @param leg position in the condition; 0 is the symptom
     * @param twoTicks whether it had to hold at two ticks, instead of for the rule's {@code for}
     */
    public record RivalScore(int leg, String text, boolean twoTicks, Score score) {}

    /** A rule that is not the same in both revisions. */
    public record Change(
            String group,
            String rule,
            Optional<RuleScore> before,
            Optional<RuleScore> after,
            List<String> lost,
            List<String> gained) {
        public Change {
            lost = List.copyOf(lost);
            gained = List.copyOf(gained);
        }

        String word() {
            return before.isEmpty() ? "added" : after.isEmpty() ? "removed" : "changed";
        }
    }

    /** A reason to exit with 1; {@code id} is {@code recall-lost} or {@code page-budget}. */
    public record Finding(String id, String rule, String text) {}
}
