// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.backtest.BacktestReport.Change;
import io.conjunct.backtest.BacktestReport.Finding;
import io.conjunct.backtest.BacktestReport.Revision;
import io.conjunct.backtest.BacktestReport.RuleScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether a change of rules may be merged. A changed rule must not lose an incident it caught; a rule that is removed, or
 * pages no more, only when no other page rule catches it; no rule that is new or changed may page more than its budget.
 * Without an older revision every rule counts as new.
 */
final class Verdict {
    private final Stretch stretch;
    private final List<Revision> revisions;
    private final OptionalDouble maxPagesPerWeek;

    Verdict(Stretch stretch, List<Revision> revisions, OptionalDouble maxPagesPerWeek) {
        this.stretch = stretch;
        this.revisions = revisions;
        this.maxPagesPerWeek = maxPagesPerWeek;
    }

    private Revision newest() {
        return revisions.get(revisions.size() - 1);
    }

    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        if (revisions.size() < 2) {
            return changes;
        }
        Revision old = revisions.get(0);
        for (RuleScore after : newest().rules()) {
            Optional<RuleScore> before = old.rule(after.group(), after.rule());
            if (before.isEmpty() || !before.get().fingerprint().equals(after.fingerprint())) {
                changes.add(change(before, Optional.of(after)));
            }
        }
        for (RuleScore before : old.rules()) {
            if (newest().rule(before.group(), before.rule()).isEmpty()) {
                changes.add(change(Optional.of(before), Optional.empty()));
            }
        }
        return changes;
    }

    private static Change change(Optional<RuleScore> before, Optional<RuleScore> after) {
        RuleScore any = after.or(() -> before).orElseThrow();
        List<String> caughtBefore = before.map(b -> b.score().caught()).orElse(List.of());
        List<String> caughtAfter = after.map(a -> a.score().caught()).orElse(List.of());
        return new Change(
                any.group(),
                any.rule(),
                before,
                after,
                caughtBefore.stream().filter(i -> !caughtAfter.contains(i)).toList(),
                caughtAfter.stream().filter(i -> !caughtBefore.contains(i)).toList());
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        List<Change> changes = changes();
        for (Change change : changes) {
            lostRecall(change).ifPresent(findings::add);
        }
        List<RuleScore> onBudget = revisions.size() < 2
                ? newest().rules()
                : changes.stream().flatMap(c -> c.after().stream()).toList();
        for (RuleScore rule : onBudget) {
            double weekly = rule.score().pagesPerWeek(stretch);
            if (rule.pages() && maxPagesPerWeek.isPresent() && weekly > maxPagesPerWeek.getAsDouble()) {
                findings.add(new Finding(
                        "page-budget",
                        rule.rule(),
                        rule.rule() + " would page " + Words.decimal(weekly, 1) + " times a week (at most "
                                + Words.plain(maxPagesPerWeek.getAsDouble()) + " allowed)"));
            }
        }
        return findings;
    }

    private Optional<Finding> lostRecall(Change change) {
        Optional<RuleScore> before = change.before().filter(RuleScore::pages);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        boolean stillPages = change.after().filter(RuleScore::pages).isPresent();
        List<String> told = newest().total().caught();
        List<String> lost = stillPages
                ? change.lost()
                : before.get().score().caught().stream()
                        .filter(i -> !told.contains(i))
                        .toList();
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        long elsewhere = lost.stream().filter(told::contains).count();
        return Optional.of(new Finding(
                "recall-lost",
                change.rule(),
                change.rule()
                        + (stillPages ? " no longer catches " : " no longer pages, and nothing else catches ")
                        + Words.listed(lost)
                        + (elsewhere == 0 ? "" : " (" + elsewhere + " of them still caught by another rule)")));
    }
}
