// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import org.jspecify.annotations.Nullable;

/**
 * The value of a signal at a tick, and how far it can be trusted.
 *
 * @param value in the signal's unit; NaN when not known
 * @param n how many events it rests on
 * @param matched of a ratio: how many of them satisfied the predicate
 * @param atLeast the window is not complete yet, so the true value may be larger: only "above" can be told from it
 */
public record Reading(double value, long n, long matched, boolean atLeast) {

    private static final Reading UNKNOWN = new Reading(Double.NaN, 0, 0, false);

    public static Reading unknown(long n) {
        return n == 0 ? UNKNOWN : new Reading(Double.NaN, n, 0, false);
    }

    public static Reading of(double value, long n) {
        return new Reading(value, n, 0, false);
    }

    public boolean isKnown() {
        return !Double.isNaN(value);
    }

    /**
     * What a window says about a signal (laws 2 and 3 of the rule language).
     *
     * @param window null when the series was not seen in it
     * @param seenMillis how much of the window's span has been observed
     */
    public static Reading of(Signal signal, @Nullable Window window, long seenMillis) {
        long span = signal.over().toMillis();
        boolean warm = seenMillis >= span;
        Measure measure = signal.measure();
        long n = window == null ? 0 : window.count();
        if (signal.baseline() && seenMillis < span / 2) {
            return unknown(n);
        }
        if (measure.type().zeroWhenEmpty()) {
            double value = window == null ? 0 : window.value(measure, span / 1000.0) * signal.scale();
            if (n < signal.minSamples()) {
                return unknown(n);
            }
            if (warm) {
                return of(value, n);
            }
            boolean onlyGrows = measure.field().isEmpty();
            return onlyGrows ? new Reading(value, n, 0, true) : unknown(n);
        }
        if (window == null || n == 0 || n < signal.minSamples()) {
            return unknown(n);
        }
        double value = window.value(measure, span / 1000.0) * signal.scale();
        return new Reading(value, n, window.matched(), false);
    }
}
