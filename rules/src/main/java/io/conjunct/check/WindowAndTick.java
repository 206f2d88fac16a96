// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Durations;
import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.SignalDraft;
import java.time.Duration;
import java.util.List;

/**
 * {@code signal/window-off-tick}: windows are made of whole ticks. One that is shorter, or no multiple, is measured
 * longer than it says.
 */
final class WindowAndTick implements RuleCheck {
    private final Duration tick;

    WindowAndTick(Duration tick) {
        this.tick = tick;
    }

    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        groups.forEach(group -> group.signals().forEach(signal -> check(signal, findings)));
    }

    private void check(SignalDraft draft, Findings findings) {
        long over = draft.signal().over().toMillis();
        long rest = over % tick.toMillis();
        if (rest != 0) {
            findings.warning(
                    "signal/window-off-tick",
                    draft.table().placeOf("over"),
                    "the engine decides every " + Durations.format(tick) + ", so this window is measured over "
                            + Durations.format(Duration.ofMillis(over - rest + tick.toMillis())),
                    "write a multiple of the tick, or run and check with a shorter `--tick`");
        }
    }
}
