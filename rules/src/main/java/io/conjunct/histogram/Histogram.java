// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.histogram;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/**
 * A distribution of doubles as integer counts in base-2 exponential buckets of fixed scale 5: bucket {@code i} holds
 * {@code (2^(i/32), 2^((i+1)/32)]}, upper-inclusive as in the OpenTelemetry metrics data model and Prometheus native
 * histograms, so a finer exponential histogram merges into this one without loss by an arithmetic shift of its indices.
 *
 * <p>A quantile is answered with the value that is equally wrong at both ends of its bucket, so its relative error is at
 * most {@link #MAX_RELATIVE_ERROR}. Counts are exact. Because counts are integers they form a group: a window slides by
 * {@link #add(Histogram)} of the newest pane and {@link #subtract(Histogram)} of the expired one, with no drift, and the
 * order of merging never changes a result.
 *
 * <p>Limits: magnitudes up to 2^-40 count as zero, those above 2^64 count in the last bucket; NaN is refused. Memory is
 * at most {@value #MAX_BUCKETS} longs per sign, and as many as the occupied range needs.
 */
public final class Histogram {

    /** Buckets per octave are {@code 2^SCALE}. */
    public static final int SCALE = 5;

    /** Lowest and highest bucket index that is ever used. */
    public static final int MIN_INDEX = -40 << SCALE;

    public static final int MAX_INDEX = (64 << SCALE) - 1;

    /** Upper bound of the number of buckets per sign. */
    public static final int MAX_BUCKETS = MAX_INDEX - MIN_INDEX + 1;

    /** {@code (b - 1) / (b + 1)} with {@code b = 2^(1/32)}: 1.083 %. */
    public static final double MAX_RELATIVE_ERROR;

    private static final int PER_OCTAVE = 1 << SCALE;
    private static final double SMALLEST = 0x1p-40;
    private static final long MANTISSA_MASK = (1L << 52) - 1;

    /** Mantissa bits of the lower bound of each bucket of an octave; the entry past the end stops the search. */
    private static final long[] BOUNDS = new long[PER_OCTAVE + 1];

    /** For the top eight mantissa bits: how many bounds lie strictly below the start of that 1/256 of the octave. */
    private static final byte[] GUESS = new byte[256];

    /** The value reported for each bucket of the octave [1, 2). */
    private static final double[] MIDDLES = new double[PER_OCTAVE];

    static {
        double[] lower = new double[PER_OCTAVE + 1];
        for (int k = 0; k <= PER_OCTAVE; k++) {
            lower[k] = StrictMath.pow(2, k / (double) PER_OCTAVE);
            BOUNDS[k] = k == PER_OCTAVE ? Long.MAX_VALUE : Double.doubleToRawLongBits(lower[k]) & MANTISSA_MASK;
        }
        for (int slot = 0; slot < 256; slot++) {
            long start = ((long) slot) << 44;
            int below = 0;
            while (BOUNDS[below] < start) {
                below++;
            }
            GUESS[slot] = (byte) below;
        }
        for (int k = 0; k < PER_OCTAVE; k++) {
            MIDDLES[k] = 2 * lower[k] * lower[k + 1] / (lower[k] + lower[k + 1]);
        }
        double base = lower[1];
        MAX_RELATIVE_ERROR = (base - 1) / (base + 1);
    }

    private final Buckets positive = new Buckets();
    private final Buckets negative = new Buckets();
    private long zero;
    private long count;

    /** The bucket index of a positive, finite or infinite value, within [{@link #MIN_INDEX}, {@link #MAX_INDEX}]. */
    public static int indexOf(double magnitude) {
        long bits = Double.doubleToRawLongBits(magnitude);
        int exponent = (int) (bits >>> 52) - 1023;
        long mantissa = bits & MANTISSA_MASK;
        int below = GUESS[(int) (mantissa >>> 44)];
        if (BOUNDS[below] < mantissa) {
            below++;
        }
        int index = (exponent << SCALE) + below - 1;
        return index < MIN_INDEX ? MIN_INDEX : Math.min(index, MAX_INDEX);
    }

    /** The value a quantile that falls into bucket {@code index} is answered with. */
    public static double valueOf(int index) {
        return Math.scalb(MIDDLES[index & (PER_OCTAVE - 1)], index >> SCALE);
    }

    /** Exclusive lower bound of bucket {@code index}; the upper bound is that of {@code index + 1}. */
    public static double lowerBound(int index) {
        return Math.scalb(StrictMath.pow(2, (index & (PER_OCTAVE - 1)) / (double) PER_OCTAVE), index >> SCALE);
    }

    /** Counts one value. */
    public void record(double value) {
        record(value, 1);
    }

    /** Counts {@code times} occurrences of one value; {@code times} may be negative to take them back. */
    public void record(double value, long times) {
        if (value > SMALLEST) {
            positive.add(indexOf(value), times);
        } else if (value < -SMALLEST) {
            negative.add(indexOf(-value), times);
        } else if (!Double.isNaN(value)) {
            zero += times;
        } else {
            throw new IllegalArgumentException("NaN cannot be counted");
        }
        count += times;
    }

    /** Counts {@code times} occurrences in a bucket of one side; for merging foreign exponential histograms. */
    public void recordIndex(int index, boolean isNegative, long times) {
        if (index < MIN_INDEX) {
            zero += times;
        } else {
            (isNegative ? negative : positive).add(Math.min(index, MAX_INDEX), times);
        }
        count += times;
    }

    public long count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public void add(Histogram other) {
        positive.addAll(other.positive, 1);
        negative.addAll(other.negative, 1);
        zero += other.zero;
        count += other.count;
    }

    /** Takes back what {@link #add(Histogram)} of an equal histogram added. */
    public void subtract(Histogram other) {
        positive.addAll(other.positive, -1);
        negative.addAll(other.negative, -1);
        zero -= other.zero;
        count -= other.count;
    }

    /** Empties the histogram and keeps its memory for reuse. */
    public void clear() {
        positive.clear();
        negative.clear();
        zero = 0;
        count = 0;
    }

    /**
     * The value at rank {@code ceil(q * count)} (the smallest value such that at least {@code q} of all are not above it).
     *
     * @param q in (0, 1]
     * @return NaN when empty, otherwise within {@link #MAX_RELATIVE_ERROR} of the exact value
     */
    public double quantile(double q) {
        if (!(q > 0 && q <= 1)) {
            throw new IllegalArgumentException("q: " + q + " (expected: above 0, at most 1)");
        }
        if (count == 0) {
            return Double.NaN;
        }
        long rank = rankOf(q, count);
        long negatives = negative.total();
        if (rank <= negatives) {
            return -valueOf(negative.indexAt(negatives - rank + 1));
        }
        if (rank <= negatives + zero) {
            return 0;
        }
        return valueOf(positive.indexAt(rank - negatives - zero));
    }

    /** {@code ceil(q * n)} within [1, n], free of the rounding that makes 0.99 * 100 exceed 99. */
    static long rankOf(double q, long n) {
        double exact = q * n;
        double nearest = Math.rint(exact);
        long rank = (long) (Math.abs(exact - nearest) <= 1e-9 * n ? nearest : Math.ceil(exact));
        return Math.max(1, Math.min(rank, n));
    }

    /** Writes the occupied buckets: counts and runs as varints, about one byte per bucket of a typical pane. */
    public void writeTo(CodedOutputStream out) throws IOException {
        out.writeUInt64NoTag(zero);
        positive.writeTo(out);
        negative.writeTo(out);
    }

    /** Adds what {@link #writeTo} wrote to this histogram, or takes it back, without building the other one. */
    public void mergeFrom(CodedInputStream in, int sign) throws IOException {
        long zeros = sign * in.readUInt64();
        zero += zeros;
        count += zeros + positive.readFrom(in, sign) + negative.readFrom(in, sign);
    }

    /**
     * Checks what {@link #writeTo} wrote without building the histogram.
     *
     * @return the number of values it counts
     * @throws IOException when it is damaged or counts more than {@code atMost}
     */
    public static long check(CodedInputStream in, long atMost) throws IOException {
        long zeros = in.readUInt64();
        long total = zeros + Buckets.check(in, atMost) + Buckets.check(in, atMost);
        if (zeros < 0 || zeros > atMost || total > atMost) {
            throw new IOException("histogram counts more than " + atMost);
        }
        return total;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Histogram other
                && count == other.count
                && zero == other.zero
                && positive.sameAs(other.positive)
                && negative.sameAs(other.negative);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(count) * 31 + Long.hashCode(zero);
    }

    @Override
    public String toString() {
        return "Histogram[count=" + count + "]";
    }

    /** Calls {@code visitor} for every occupied bucket, from the most negative value to the largest. */
    public void forEach(BucketVisitor visitor) {
        for (int i = negative.counts.length - 1; i >= 0; i--) {
            if (negative.counts[i] != 0) {
                visitor.bucket(negative.first + i, true, negative.counts[i]);
            }
        }
        for (int i = 0; i < positive.counts.length; i++) {
            if (positive.counts[i] != 0) {
                visitor.bucket(positive.first + i, false, positive.counts[i]);
            }
        }
    }

    /** Count of values that are zero or too small for a bucket. */
    public long zeroCount() {
        return zero;
    }

    /** Receives the occupied buckets of a histogram. */
    public interface BucketVisitor {
        void bucket(int index, boolean isNegative, long count);
    }
}
