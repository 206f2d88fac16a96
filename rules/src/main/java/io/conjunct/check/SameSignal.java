// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.SignalDraft;
import io.conjunct.signal.Signal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code signal/same-twice}: two names for one number look like two signals to whoever reads the page. */
final class SameSignal implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            Map<Signal, SignalDraft> seen = new HashMap<>();
            for (SignalDraft draft : group.signals()) {
                SignalDraft first = seen.putIfAbsent(nameless(draft.signal()), draft);
                if (first != null) {
                    findings.warning(
                            "signal/same-twice",
                            draft.name().place(),
                            "`" + draft.name().text() + "` is the same as `"
                                    + first.name().text() + "`",
                            "keep one of them, and use its name in all rules");
                }
            }
        }
    }

    private static Signal nameless(Signal signal) {
        return new Signal(
                "",
                signal.measure(),
                signal.of(),
                signal.over(),
                signal.by(),
                signal.unit(),
                signal.scale(),
                signal.minSamples(),
                signal.onMissing(),
                signal.baseline());
    }
}
