// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import java.util.stream.Stream;

/** {@code condition/compared-with-itself}: both sides are the same, so the answer never changes. */
final class ComparedWithItself implements EachRule {
    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        Stream.concat(Stream.of(rule.when()), rule.until().stream())
                .flatMap((Condition c) -> c.comparisons().stream())
                .filter(leg -> leg.left().equals(leg.right()))
                .forEach(leg -> findings.error(
                        "condition/compared-with-itself",
                        draft.places().of(leg),
                        "both sides of `" + leg.text() + "` are the same",
                        "compare it with a number, another signal, or baseline(…, 7d)"));
    }
}
