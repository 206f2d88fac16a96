// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import java.time.Duration;

/**
 * What all hosts of one engine must agree on; stored with the topics so that roles cannot disagree.
 *
 * @param tick length of a pane and distance of evaluations, 1 s or more, whole seconds
 * @param lateLimit an event later than this behind its partition's promise is not measured
 * @param idleTimeout a sidecar this far behind the others of its partition no longer holds the watermark back
 * @param aheadLimit an event further ahead of its partition's watermark than this is not measured
 * @param retireAfter a label set not seen for this long after its window ran empty is forgotten
 * @param maxSeries label sets one feed may have; further ones are refused and counted
 */
public record EngineSettings(
        Duration tick,
        Duration lateLimit,
        Duration idleTimeout,
        Duration aheadLimit,
        Duration retireAfter,
        int maxSeries) {

    public static final Duration DEFAULT_TICK = Duration.ofSeconds(10);

    public EngineSettings {
        if (tick.compareTo(Duration.ofSeconds(1)) < 0 || tick.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException("tick: " + tick + " (expected: whole seconds, at least 1s)");
        }
        requirePositive("lateLimit", lateLimit);
        requirePositive("idleTimeout", idleTimeout);
        requirePositive("aheadLimit", aheadLimit);
        requirePositive("retireAfter", retireAfter);
        if (maxSeries < 1) {
            throw new IllegalArgumentException("maxSeries: " + maxSeries + " (expected: at least 1)");
        }
    }

    /** The defaults with another tick. */
    public static EngineSettings of(Duration tick) {
        return new EngineSettings(
                tick, Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofHours(6), Duration.ofHours(6), 10_000);
    }

    public EngineSettings withIdleTimeout(Duration newIdleTimeout) {
        return new EngineSettings(tick, lateLimit, newIdleTimeout, aheadLimit, retireAfter, maxSeries);
    }

    public long tickMillis() {
        return tick.toMillis();
    }

    /** The pane that an instant belongs to. */
    public long paneOf(long millis) {
        return Math.floorDiv(millis, tickMillis());
    }

    /** When a pane ends: the instant at which it is evaluated. */
    public long endOf(long pane) {
        return (pane + 1) * tickMillis();
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: above zero)");
        }
    }
}
