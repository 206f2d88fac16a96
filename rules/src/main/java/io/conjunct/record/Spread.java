// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import java.util.Arrays;

/**
 * Median and 90th percentile of durations, for means mislead; linear between ranks (type 7 of Hyndman and Fan).
 *
 * @param n of how many; with 0 the others are NaN
 * @param medianSeconds half are no longer
 * @param p90Seconds nine of ten are no longer
 */
public record Spread(int n, double medianSeconds, double p90Seconds) {
    static Spread of(long[] millis) {
        long[] sorted = millis.clone();
        Arrays.sort(sorted);
        return new Spread(sorted.length, at(sorted, 0.5), at(sorted, 0.9));
    }

    private static double at(long[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double rank = share * (sorted.length - 1);
        int below = (int) Math.floor(rank);
        int above = Math.min(below + 1, sorted.length - 1);
        return (sorted[below] + (rank - below) * (sorted[above] - sorted[below])) / 1_000.0;
    }
}
