// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;

/** {@code rule/within-one-leg}: {@code within} lets legs hold one after the other, which takes two. */
final class WithinOneLeg implements EachRule {
    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        if (!rule.within().isZero() && rule.when().comparisons().size() < 2) {
            findings.warning(
                    "rule/within-one-leg",
                    draft.table().placeOf("within"),
                    "`within` is about legs that hold one after the other, and there is one leg: it only makes the alert last longer",
                    "remove `within`; write `keep_firing_for` to make the alert last longer");
        }
    }
}
