// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.time.Duration;

/** A token bucket that holds ten seconds' worth; what is taken may overdraw it once. Thread-safe. */
final class Quota {
    private static final int BURST_SECONDS = 10;

    private final double perNano;
    private final double most;
    private double left;
    private long lastNanos = System.nanoTime();

    /** @param perSecond more than 0 */
    Quota(long perSecond) {
        this.perNano = perSecond / 1e9;
        this.most = (double) perSecond * BURST_SECONDS;
        this.left = most;
    }

    /** How long until something may be taken again; zero when it may now. */
    synchronized Duration untilAvailable() {
        refill();
        return left > 0 ? Duration.ZERO : Duration.ofNanos((long) (-left / perNano) + 1);
    }

    synchronized void take(long amount) {
        refill();
        left -= amount;
    }

    private void refill() {
        long now = System.nanoTime();
        left = Math.min(most, left + (now - lastNanos) * perNano);
        lastNanos = now;
    }
}
