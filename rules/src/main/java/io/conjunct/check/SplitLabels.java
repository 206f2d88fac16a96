// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Node;
import io.conjunct.rule.SignalDraft;
import io.conjunct.signal.Matcher;
import java.util.List;

/**
 * {@code signal/too-many-labels} and {@code signal/constant-label}: each label multiplies the windows that are kept; one
 * that {@code where} has pinned to a value adds none and only makes joins harder.
 */
final class SplitLabels implements EachSignal {
    private static final int MOST = 4;

    @Override
    public void check(SignalDraft draft, Findings findings) {
        List<Node.Scalar> by =
                draft.table().sequence("by").map(Node.Sequence::scalars).orElse(List.of());
        if (by.size() > MOST) {
            findings.warning(
                    "signal/too-many-labels",
                    by.get(MOST).place(),
                    by.size() + " labels: every combination of their values gets a window and an alert of its own",
                    "split by what a person can act on, at most " + MOST + " labels");
        }
        for (Node.Scalar label : by) {
            boolean pinned = draft.signal().of().where().stream().anyMatch(m -> pins(m, label.text()));
            if (pinned) {
                findings.warning(
                        "signal/constant-label",
                        label.place(),
                        "`where` lets only one value of `" + label.text() + "` through",
                        "remove it from `by`, or from `where`");
            }
        }
    }

    private static boolean pins(Matcher matcher, String attribute) {
        return matcher.attribute().equals(attribute)
                && !matcher.negated()
                && matcher.values().size() == 1;
    }
}
