// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import java.util.List;
import java.util.Optional;

/**
 * {@code rule/until-never} and {@code rule/until-no-effect}: an alert resolves when {@code until} holds and {@code when}
 * does not. Where both exclude each other it never resolves; where the second implies the first, {@code until} is idle.
 */
final class UntilLogic implements EachRule {
    private static final int MOST = 10_000;

    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        rule.until().ifPresent(until -> check(draft, rule, until, findings));
    }

    private static void check(RuleDraft draft, Rule rule, Condition until, Findings findings) {
        Optional<List<Claims.Way>> over = Claims.of(rule.when(), false);
        Optional<List<Claims.Way>> clear = Claims.of(until, true);
        if (over.isEmpty()
                || clear.isEmpty()
                || (long) over.get().size() * clear.get().size() > MOST) {
            return;
        }
        boolean never = over.get().stream()
                .allMatch(o -> clear.get().stream().allMatch(c -> c.and(o).isImpossible()));
        if (never) {
            findings.error(
                    "rule/until-never",
                    draft.places().of(until),
                    "`until` can hold only while `when` does, so the alert never resolves",
                    "turn the comparison, or put the threshold on the calm side of the one in `when`");
        } else if (rule.within().isZero() && Claims.imply(over.get(), clear.get())) {
            findings.warning(
                    "rule/until-no-effect",
                    draft.places().of(until),
                    "`until` holds whenever `when` does not, so it changes nothing",
                    "remove it, or put the threshold further on the calm side");
        }
    }
}
