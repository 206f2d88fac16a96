// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Durations;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;

/**
 * {@code rule/keep-firing-outlasts-stale}: unknown stops the count of {@code keep_firing_for}. Where {@code stale_after} is
 * shorter, a gap in the data raises the ticket "evidence lost" for an alert that was about to resolve.
 */
final class StaleBeforeResolved implements EachRule {
    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        if (rule.keepFiringFor().compareTo(rule.staleAfter()) > 0) {
            findings.warning(
                    "rule/keep-firing-outlasts-stale",
                    draft.table().placeOf("keep_firing_for"),
                    "`keep_firing_for` is longer than `stale_after` of " + Durations.format(rule.staleAfter())
                            + ": a gap in the data opens a ticket while the alert waits to resolve",
                    "write `stale_after: "
                            + Durations.format(rule.keepFiringFor().multipliedBy(2)) + "`, or shorten it");
        }
    }
}
