// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.ingest.otlp.HistogramPoint.Counts;
import java.util.Arrays;

/**
 * One side of an exponential histogram: counts of consecutive bucket indices, the first of which is {@code offset}.
 * Lowering the scale by {@code k} shifts indices right by {@code k} and loses nothing ("perfect subsetting" in the
 * OpenTelemetry metrics data model).
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content nowhere; the arrays are never changed
record ExponentialRun(int offset, long[] counts) {

    static ExponentialRun of(Counts counts) {
        return new ExponentialRun(counts.offset, counts.copy());
    }

    long total() {
        return Arrays.stream(counts).sum();
    }

    /** The same counts at a scale that is lower by {@code shift}. */
    ExponentialRun coarser(int shift) {
        if (shift == 0 || counts.length == 0) {
            return this;
        }
        int by = Math.min(shift, 31);
        int first = offset >> by;
        int last = (int) (((long) offset + counts.length - 1) >> by);
        long[] coarse = new long[last - first + 1];
        for (int i = 0; i < counts.length; i++) {
            coarse[(int) (((long) offset + i) >> by) - first] += counts[i];
        }
        return new ExponentialRun(first, coarse);
    }

    /** Whether no bucket of the other run holds more than here. */
    boolean covers(ExponentialRun other) {
        for (int i = 0; i < other.counts.length; i++) {
            if (other.counts[i] > at((long) other.offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** This run without the counts of another one that it covers. */
    ExponentialRun minus(ExponentialRun other) {
        long[] difference = counts.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= other.at((long) offset + i);
        }
        return new ExponentialRun(offset, difference);
    }

    private long at(long index) {
        long slot = index - offset;
        return slot < 0 || slot >= counts.length ? 0 : counts[(int) slot];
    }
}
