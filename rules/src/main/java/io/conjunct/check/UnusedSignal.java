// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.SignalDraft;
import java.util.List;

/** {@code signal/unused}: a signal that no rule of its group names. It is still measured and shown. */
final class UnusedSignal implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (SignalDraft signal : group.signals()) {
                String name = signal.name().text();
                if (!group.named().contains(name)) {
                    findings.warning(
                            "signal/unused",
                            signal.name().place(),
                            "no rule of the group `" + group.name().text() + "` reads `" + name + "`",
                            "use it in a rule, or remove it");
                }
            }
        }
    }
}
