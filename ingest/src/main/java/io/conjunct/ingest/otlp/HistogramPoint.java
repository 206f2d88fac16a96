// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.util.Arrays;

/**
 * One data point of an explicit or an exponential histogram, reused from point to point. Absent {@code sum}, {@code min}
 * and {@code max} are NaN. At most {@value #MAX_BUCKETS} buckets per side; {@link #overLimit} says that there were more.
 */
public final class HistogramPoint {

    /** SDKs send 160 exponential or some 15 explicit buckets. */
    public static final int MAX_BUCKETS = 8_192;

    public boolean exponential;
    public long startNanos;
    public long timeNanos;
    public boolean recorded;
    public long count;
    public double sum;
    public double min;
    public double max;
    public boolean overLimit;

    /** Of an explicit histogram: bucket {@code i} is {@code (bounds[i-1], bounds[i]]}. */
    public double[] bounds = new double[16];

    public int boundCount;

    /** Of an explicit histogram all counts, of an exponential one those of the positive side. */
    public final Counts positive = new Counts();

    public final Counts negative = new Counts();
    public int scale;
    public long zeroCount;

    void clear(boolean isExponential) {
        exponential = isExponential;
        startNanos = 0;
        timeNanos = 0;
        recorded = true;
        count = 0;
        sum = Double.NaN;
        min = Double.NaN;
        max = Double.NaN;
        overLimit = false;
        boundCount = 0;
        positive.clear();
        negative.clear();
        scale = 0;
        zeroCount = 0;
    }

    void addBound(double bound) {
        if (boundCount == MAX_BUCKETS) {
            overLimit = true;
            return;
        }
        if (boundCount == bounds.length) {
            bounds = Arrays.copyOf(bounds, boundCount * 2);
        }
        bounds[boundCount++] = bound;
    }

    void addCount(Counts to, long bucketCount) {
        if (to.size == MAX_BUCKETS) {
            overLimit = true;
            return;
        }
        to.add(bucketCount);
    }

    /** A run of bucket counts; the first has index {@link #offset}. */
    public static final class Counts {
        public int offset;
        public int size;
        private long[] values = new long[16];

        public long get(int i) {
            return values[i];
        }

        public long[] copy() {
            return Arrays.copyOf(values, size);
        }

        private void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }

        private void clear() {
            offset = 0;
            size = 0;
        }
    }
}
