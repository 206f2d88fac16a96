// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import java.time.Instant;
import java.util.Optional;

/**
 * One alert for one receiver.
 *
 * @param claim on the offset of its record: released when the delivery is over, one way or the other
 * @param readAt when the record was read
 * @param group of the alert on its route; empty when it is in none
 * @param watch over a page that somebody stands in for
 * @param standsInFrom for the one who stands in: when, unless the page is delivered or refused before
 */
record Delivery(
        Alert alert,
        Offsets.Claim claim,
        Instant readAt,
        String group,
        Optional<Watch> watch,
        Optional<Instant> standsInFrom) {
    /** A delivery in no group that nobody stands in for. */
    Delivery(Alert alert, Offsets.Claim claim, Instant readAt) {
        this(alert, claim, readAt, "", Optional.empty(), Optional.empty());
    }

    boolean isTrigger() {
        return alert.state() == State.FIRING;
    }

    /** Until when it must wait; long ago when it need not. */
    Instant notBefore() {
        boolean waits = isTrigger()
                && standsInFrom.isPresent()
                && watch.map(page -> !page.isDelivered() && !page.isRefused()).orElse(true);
        return waits ? standsInFrom.get() : Instant.EPOCH;
    }

    /** Whether the page reached those it was for, so that nobody has to stand in. */
    boolean isNeedless() {
        return isTrigger()
                && standsInFrom.isPresent()
                && watch.map(Watch::isDelivered).orElse(false);
    }
}
