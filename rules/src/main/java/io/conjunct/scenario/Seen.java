// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.alert.Tier;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * One episode as the engine decided it. Times are milliseconds from the start of the timeline.
 *
 * @param pending when the condition began to hold; empty when the alert fired at once
 * @param resolved empty when it still fires at the end
 * @param reason why it ended or what it says beside its condition; mostly empty
 */
record Seen(
        String alert,
        SortedMap<String, String> labels,
        Tier tier,
        OptionalLong pending,
        long firing,
        OptionalLong resolved,
        String reason) {

    Seen resolvedAt(long millis, String newReason) {
        return new Seen(alert, labels, tier, pending, firing, OptionalLong.of(millis), newReason);
    }

    /** Name and labels, as alerts are called. */
    String identity() {
        return labels.isEmpty() ? alert : alert + labels;
    }

    String words() {
        return tier.word() + "  "
                + (pending.isPresent() ? "pending " + Expected.time(pending.getAsLong()) + "  " : "")
                + "firing " + Expected.time(firing) + "  "
                + (resolved.isPresent() ? "resolved " + Expected.time(resolved.getAsLong()) : "until the end")
                + (reason.isEmpty() ? "" : "  (" + reason + ")");
    }
}
