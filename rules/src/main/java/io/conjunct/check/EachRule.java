// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import java.util.List;

/** A check that looks at one rule at a time, as far as the rule could be read. */
interface EachRule extends RuleCheck {
    void check(RuleDraft draft, Rule rule, Findings findings);

    @Override
    default void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (RuleDraft draft : group.rules()) {
                draft.rule().ifPresent(rule -> check(draft, rule, findings));
            }
        }
    }
}
