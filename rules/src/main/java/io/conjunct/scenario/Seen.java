// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.alert.Tier;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * One episode as the engine decided it. Times are milliseconds from the start of the timeline.
 *
 * @param pending when the condition began to hold; empty when the alert fired at once
 * @param resolved empty when it still fires at the end
 * @param muted by what nobody was told that it fires; empty when somebody was at once
 * @param told when somebody was told after all; empty when at once, or never
 * @param reason why it ended or what it says beside its condition; mostly empty
 */
record Seen(
        String alert,
        SortedMap<String, String> labels,
        Tier tier,
        OptionalLong pending,
        long firing,
        OptionalLong resolved,
        Optional<String> muted,
        OptionalLong told,
        String reason) {

    Seen resolvedAt(long millis, String newReason) {
        return new Seen(alert, labels, tier, pending, firing, OptionalLong.of(millis), muted, told, newReason);
    }

    Seen toldAt(long millis) {
        return new Seen(alert, labels, tier, pending, firing, resolved, muted, OptionalLong.of(millis), reason);
    }

    /** Name and labels, as alerts are called. */
    String identity() {
        return labels.isEmpty() ? alert : alert + labels;
    }

    String words() {
        return tier.word() + "  "
                + (pending.isPresent() ? "pending " + Expected.time(pending.getAsLong()) + "  " : "")
                + "firing " + Expected.time(firing) + "  "
                + muted.map(by -> "muted by " + by + "  ").orElse("")
                + (told.isPresent() ? "told " + Expected.time(told.getAsLong()) + "  " : "")
                + (resolved.isPresent() ? "resolved " + Expected.time(resolved.getAsLong()) : "until the end")
                + (reason.isEmpty() ? "" : "  (" + reason + ")");
    }
}
