// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import java.util.List;

/**
 * {@code condition/contradiction}, {@code condition/dead-way}, {@code condition/tautology}: legs that exclude each other
 * never fire, legs that leave no third way always do. With {@code within} legs may hold at different times.
 */
final class Contradiction implements EachRule {
    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        if (rule.within().isZero()) {
            Claims.of(rule.when(), true).ifPresent(ways -> impossible(draft, rule.when(), ways, findings));
        }
        Claims.of(rule.when(), false)
                .filter(ways -> ways.stream().allMatch(Claims.Way::isImpossible))
                .ifPresent(ways -> findings.error(
                        "condition/tautology",
                        draft.places().of(rule.when()),
                        "one of these always holds, so the alert never ends",
                        "leave a gap between the thresholds, or remove a leg"));
    }

    private static void impossible(RuleDraft draft, Condition when, List<Claims.Way> ways, Findings findings) {
        long dead = ways.stream().filter(Claims.Way::isImpossible).count();
        if (dead == ways.size()) {
            findings.error(
                    "condition/contradiction",
                    draft.places().of(when),
                    "these legs can never hold at once, so the rule never fires",
                    "correct a threshold, or add `within:` if they may hold one after the other");
        } else if (dead > 0) {
            findings.warning(
                    "condition/dead-way",
                    draft.places().of(when),
                    dead + " of the " + ways.size() + " ways for this to hold can never come about",
                    "correct a threshold, or remove the part that cannot hold");
        }
    }
}
