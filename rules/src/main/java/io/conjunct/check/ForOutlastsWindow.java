// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.event.Kind;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Durations;
import io.conjunct.rule.Expression;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Signal;
import java.time.Duration;

/**
 * {@code rule/for-outlasts-window}: an event counts for as long as it is in the window. Where {@code for} is as long as
 * the window, one burst of events can never fire the alert.
 */
final class ForOutlastsWindow implements EachRule {
    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        for (Condition.Comparison leg : rule.when().comparisons()) {
            if (leg.left() instanceof Expression.Reference reference
                    && leg.comparator().risesWithLeft()
                    && isCount(reference.signal())
                    && !outlived(reference.signal(), rule).isNegative()) {
                findings.warning(
                        "rule/for-outlasts-window",
                        draft.table().placeOf("for"),
                        "`" + leg.text() + "` holds for at most "
                                + Durations.format(reference.signal().over().plus(rule.within()))
                                + " after the last event, so no single burst lasts for "
                                + Durations.format(rule.holdFor()),
                        "shorten `for`, or lengthen the window of "
                                + reference.signal().name());
                return;
            }
        }
    }

    private static boolean isCount(Signal signal) {
        return signal.of().kind() == Kind.EVENT && signal.measure().type() == Measure.Type.COUNT;
    }

    private static Duration outlived(Signal signal, Rule rule) {
        return rule.holdFor().minus(signal.over()).minus(rule.within());
    }
}
