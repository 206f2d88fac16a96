// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.ingest.metrics.Adjustment;
import io.conjunct.ingest.metrics.Shaping;
import io.conjunct.ingest.metrics.Tally;
import org.jspecify.annotations.Nullable;

/**
 * The receive time of one request, and the guard that keeps the clocks of others from moving ours: a time ahead of it, a
 * missing time and one beyond 63 bits become the receive time, and each is counted. Times in the past stay as they are;
 * lateness is the engine's business.
 *
 * @param receivedMillis Unix milliseconds
 */
record ReceiveClock(long receivedMillis) {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LONG_MILLIS = 3_600_000;

    /** Clocks differ by a little. */
    private static final long AHEAD_MILLIS = 10_000;

    /** Event time in Unix milliseconds for a time on the wire in Unix nanoseconds, unsigned. */
    long eventMillis(long nanos, Tally tally) {
        if (nanos <= 0) {
            tally.adjust(nanos == 0 ? Adjustment.TIME_MISSING : Adjustment.TIME_OVERFLOW);
            return receivedMillis;
        }
        long millis = nanos / NANOS_PER_MILLI;
        if (millis > receivedMillis) {
            tally.adjust(Adjustment.TIME_AHEAD);
            return receivedMillis;
        }
        return millis;
    }

    /**
     * What is wrong with a time, if something is; null when nothing.
     *
     * @param eventMillis what was made of it
     */
    @Nullable
    Shaping problem(long nanos, long eventMillis) {
        if (nanos <= 0 || (eventMillis == receivedMillis && nanos / NANOS_PER_MILLI > receivedMillis + AHEAD_MILLIS)) {
            return Shaping.TIME_NOT_POSSIBLE;
        }
        return eventMillis < receivedMillis - LONG_MILLIS ? Shaping.TIME_LONG_AGO : null;
    }

    /** How long something took, never negative. */
    static long durationNanos(long startNanos, long endNanos, Tally tally) {
        if (startNanos <= 0 || endNanos <= 0) {
            tally.adjust(Adjustment.DURATION_UNKNOWN);
            return 0;
        }
        if (endNanos < startNanos) {
            tally.adjust(Adjustment.DURATION_NEGATIVE);
            return 0;
        }
        return endNanos - startNanos;
    }
}
