// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What is computed from the events of a window.
 *
 * @param type the computation
 * @param field the quantity it reads; empty for {@code count}, {@code rate} of events and {@code ratio}
 * @param quantile in (0, 1) for {@link Type#QUANTILE}, otherwise NaN
 * @param outcome the predicate of a {@link Type#RATIO}
 */
public record Measure(Type type, String field, double quantile, Optional<Outcome> outcome) {

    /** The computations rule files can name. */
    public enum Type {
        /** Number of events (for a histogram metric: of measurements). */
        COUNT,
        /** Events, or the sum of a field, per second of the window. */
        RATE,
        SUM,
        AVG,
        MIN,
        MAX,
        /** The value with the latest event time; of equals the largest. */
        LAST,
        /** {@code p50(f)} to {@code p99.9(f)}. */
        QUANTILE,
        /** Share of events that satisfy a predicate. */
        RATIO;

        /** Whether an empty warm window means zero, not unknown. */
        public boolean zeroWhenEmpty() {
            return this == COUNT || this == RATE || this == SUM;
        }
    }

    public Measure {
        requireNonNull(type, "type");
        requireNonNull(field, "field");
        requireNonNull(outcome, "outcome");
        if ((type == Type.QUANTILE) != !Double.isNaN(quantile)) {
            throw new IllegalArgumentException("quantile: " + quantile + " with " + type);
        }
        if ((type == Type.RATIO) != outcome.isPresent()) {
            throw new IllegalArgumentException("a predicate belongs to ratio, and only to it");
        }
    }

    public static Measure count() {
        return new Measure(Type.COUNT, "", Double.NaN, Optional.empty());
    }

    public static Measure of(Type type, String field) {
        return new Measure(type, field, Double.NaN, Optional.empty());
    }

    public static Measure quantile(double quantile, String field) {
        return new Measure(Type.QUANTILE, field, quantile, Optional.empty());
    }

    public static Measure ratio(Outcome outcome) {
        return new Measure(Type.RATIO, "", Double.NaN, Optional.of(outcome));
    }

    /**
     * How many events the value needs before it means anything: for a quantile enough that it is not simply the maximum
     * (three beyond it: p99 300, p95 60, p50 6), for a ratio 50, otherwise 1.
     */
    public long defaultMinSamples() {
        return switch (type) {
            case QUANTILE -> Math.max(1, Math.round(Math.ceil(3 / (1 - quantile) - 1e-6)));
            case RATIO -> 50;
            case AVG, MIN, MAX, LAST -> 1;
            case COUNT, RATE, SUM -> 0;
        };
    }
}
