// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.ingest.otlp.HistogramPoint;
import java.util.Arrays;

/** A point of a cumulative stream, remembered so that the next one can be turned into what happened since. */
sealed interface CumulativePoint {

    long startNanos();

    long timeNanos();

    /** Whether this point counts on from an earlier one of the same stream; otherwise the stream began anew. */
    boolean continues(CumulativePoint earlier);

    /** A monotonic sum. */
    record Sum(long startNanos, long timeNanos, double value) implements CumulativePoint {
        @Override
        public boolean continues(CumulativePoint earlier) {
            return earlier instanceof Sum sum && sum.startNanos == startNanos && sum.value <= value;
        }
    }

    /** An explicit histogram. */
    @SuppressWarnings("ArrayRecordComponent") // compared by content nowhere; the arrays are never changed
    record Explicit(long startNanos, long timeNanos, double[] bounds, long[] counts, double sum)
            implements CumulativePoint {

        @Override
        public boolean continues(CumulativePoint earlier) {
            if (!(earlier instanceof Explicit e)
                    || e.startNanos != startNanos
                    || e.counts.length != counts.length
                    || !Arrays.equals(e.bounds, bounds)) {
                return false;
            }
            for (int i = 0; i < counts.length; i++) {
                if (e.counts[i] > counts[i]) {
                    return false;
                }
            }
            return true;
        }

        /** Counts since an earlier point that this one continues. */
        long[] since(Explicit earlier) {
            long[] since = counts.clone();
            for (int i = 0; i < since.length; i++) {
                since[i] -= earlier.counts[i];
            }
            return since;
        }
    }

    /** An exponential histogram. */
    record Exponential(
            long startNanos,
            long timeNanos,
            int scale,
            long zeroCount,
            ExponentialRun positive,
            ExponentialRun negative,
            double sum)
            implements CumulativePoint {

        static Exponential of(HistogramPoint point) {
            return new Exponential(
                    point.startNanos,
                    point.timeNanos,
                    point.scale,
                    point.zeroCount,
                    ExponentialRun.of(point.positive),
                    ExponentialRun.of(point.negative),
                    point.sum);
        }

        @Override
        public boolean continues(CumulativePoint earlier) {
            return earlier instanceof Exponential e
                    && e.startNanos == startNanos
                    && e.scale >= scale
                    && e.zeroCount <= zeroCount
                    && positive.covers(e.positive.coarser(e.scale - scale))
                    && negative.covers(e.negative.coarser(e.scale - scale));
        }
    }
}
