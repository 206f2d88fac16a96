// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.SignalDraft;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Outcome;
import java.util.Optional;

/** {@code signal/decided-by-where}: the share of failures among failures is 100 %, whatever happens. */
final class DecidedByWhere implements EachSignal {
    @Override
    public void check(SignalDraft draft, Findings findings) {
        Optional<Outcome> outcome = draft.signal().measure().outcome();
        if (outcome.isEmpty() || !(outcome.get() instanceof Outcome.Attribute attribute)) {
            return;
        }
        Matcher counted = attribute.matcher();
        boolean decided = draft.signal().of().where().stream()
                .anyMatch(m -> m.attribute().equals(counted.attribute())
                        && !m.negated()
                        && m.values().size() == 1
                        && m.regex().isEmpty());
        if (decided) {
            findings.error(
                    "signal/decided-by-where",
                    draft.table().placeOf("measure"),
                    "`where` lets only one value of `" + counted.attribute()
                            + "` through, so this share is always all or nothing",
                    "remove `" + counted.attribute() + "` from `where`");
        }
    }
}
