// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.RuleDraft;
import java.util.List;
import java.util.Optional;

/** {@code rule/then-in-until}: a resolve condition is asked of each tick by itself, so THEN has no meaning there. */
final class SequenceInUntil implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (RuleDraft draft : group.rules()) {
                draft.rule()
                        .flatMap(rule -> rule.until().flatMap(SequenceInUntil::first))
                        .ifPresent(then -> findings.error(
                                "rule/then-in-until",
                                draft.places().of(then),
                                "an alert cannot wait for a sequence to resolve",
                                "write what must hold at the time, without THEN"));
            }
        }
    }

    private static Optional<Condition> first(Condition condition) {
        if (condition instanceof Condition.Then) {
            return Optional.of(condition);
        }
        return condition.terms().stream().flatMap(term -> first(term).stream()).findFirst();
    }
}
