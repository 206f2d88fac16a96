// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import java.util.List;
import java.util.Optional;

/** {@code condition/implied-leg}: a leg that decides nothing, because another one beside it implies it. */
final class ImpliedLeg implements EachRule {
    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        check(draft, rule.when(), findings);
        rule.until().ifPresent(until -> check(draft, until, findings));
    }

    private static void check(RuleDraft draft, Condition condition, Findings findings) {
        if (condition instanceof Condition.And and) {
            idle(draft, and.terms(), true, findings);
        } else if (condition instanceof Condition.Or or) {
            idle(draft, or.terms(), false, findings);
        }
        condition.terms().forEach(term -> check(draft, term, findings));
    }

    /** Of legs joined by AND the weaker one is idle, of legs joined by OR the stronger one; of equals the later one. */
    private static void idle(RuleDraft draft, List<Condition> terms, boolean weaker, Findings findings) {
        for (int i = 0; i < terms.size(); i++) {
            for (int j = 0; j < terms.size(); j++) {
                Optional<Claim> one = claim(terms.get(i));
                Optional<Claim> other = claim(terms.get(j));
                if (i == j || one.isEmpty() || other.isEmpty()) {
                    continue;
                }
                boolean implied =
                        weaker ? other.get().implies(one.get()) : one.get().implies(other.get());
                boolean both = one.get().implies(other.get()) && other.get().implies(one.get());
                if (implied && (!both || i > j)) {
                    findings.warning(
                            "condition/implied-leg",
                            draft.places().of(terms.get(i)),
                            "`" + terms.get(i).text() + "` changes nothing beside `"
                                    + terms.get(j).text() + "`",
                            "remove it, or correct its threshold");
                    break;
                }
            }
        }
    }

    private static Optional<Claim> claim(Condition term) {
        if (term instanceof Condition.Not not && not.term() instanceof Condition.Comparison leg) {
            return Claim.of(leg, false);
        }
        return term instanceof Condition.Comparison leg ? Claim.of(leg, true) : Optional.empty();
    }
}
