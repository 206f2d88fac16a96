// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import java.time.Duration;

/** How fast Kafka takes bytes, averaged over about ten seconds of delivery. Thread-safe. */
final class DrainRate {
    private static final double NANOS = 1e9;
    private static final double MEMORY = 0.2;
    private static final long LEAST_SECONDS = 1;
    private static final long MOST_SECONDS = 10;

    private double bytesPerSecond;
    private long bytes;
    private long sinceNanos = System.nanoTime();

    synchronized void delivered(int more) {
        bytes += more;
        roll(System.nanoTime());
    }

    private void roll(long now) {
        double seconds = (now - sinceNanos) / NANOS;
        if (seconds >= 1) {
            double weight = Math.min(1, MEMORY * seconds);
            bytesPerSecond += weight * (bytes / seconds - bytesPerSecond);
            bytes = 0;
            sinceNanos = now;
        }
    }

    /** About how long this many bytes will take, 1 to 10 s; long when nothing is taken at all. */
    synchronized Duration timeFor(long amount) {
        roll(System.nanoTime());
        long seconds = bytesPerSecond < 1 ? MOST_SECONDS : Math.round(Math.ceil(amount / bytesPerSecond));
        return Duration.ofSeconds(Math.max(LEAST_SECONDS, Math.min(seconds, MOST_SECONDS)));
    }
}
