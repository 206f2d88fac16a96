// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.histogram.Histogram;

/**
 * Turns the buckets of OpenTelemetry histograms into ours of scale {@value Histogram#SCALE}.
 *
 * <p>A finer exponential bucket lies inside one of ours and moves there exactly. A wider bucket is spread over those it
 * covers: an explicit one as if its values were evenly spread between its bounds, a coarser exponential one evenly over its
 * sub-buckets. Each share is the difference of two rounded running totals, so the shares add up to the count and the same
 * bucket is always spread alike.
 */
final class BucketSpread {
    private static final double SMALLEST = 0x1p-40;

    private BucketSpread() {}

    /**
     * An explicit histogram: bucket {@code i} is {@code (bounds[i-1], bounds[i]]}.
     *
     * @param min a bound below which no value lies, NaN when unknown; likewise {@code max}
     */
    static Histogram explicit(double[] bounds, int boundCount, long[] counts, double min, double max) {
        Histogram into = new Histogram();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                continue;
            }
            double low = i == 0 ? Double.NEGATIVE_INFINITY : bounds[i - 1];
            double high = i == boundCount ? Double.POSITIVE_INFINITY : bounds[i];
            spread(tightened(low, high, min, max), counts[i], into);
        }
        return into;
    }

    /** The bounds of a bucket without infinity: by min and max where they say more, else by what is likely. */
    private static double[] tightened(double low, double high, double min, double max) {
        double from = min > low && min <= high ? min : low;
        double to = max >= from && max < high ? max : high;
        if (Double.isInfinite(from) && Double.isInfinite(to)) {
            return new double[] {0, 0};
        }
        if (Double.isInfinite(from)) {
            // Measurements are rarely negative: a first bucket that ends above zero starts there.
            from = to > 0 ? 0 : to;
        }
        if (Double.isInfinite(to)) {
            to = from == low ? Math.nextUp(from) : from;
            from = to;
        }
        return new double[] {from, to};
    }

    /** Spreads over {@code (bounds[0], bounds[1]]}, or puts all on the one value when they are equal. */
    private static void spread(double[] bounds, long count, Histogram into) {
        double low = bounds[0];
        double high = bounds[1];
        if (low == high) {
            into.record(high, count);
        } else if (low >= 0) {
            oneSide(low, high, count, false, into);
        } else if (high <= 0) {
            oneSide(-high, -low, count, true, into);
        } else {
            long negative = Math.round(count * (-low / (high - low)));
            oneSide(0, -low, negative, true, into);
            oneSide(0, high, count - negative, false, into);
        }
    }

    private static void oneSide(double low, double high, long count, boolean isNegative, Histogram into) {
        if (high < SMALLEST) {
            into.record(0, count);
            return;
        }
        long left = count;
        int lowest = low < SMALLEST ? Histogram.MIN_INDEX : Histogram.indexOf(Math.nextUp(low));
        for (int index = Histogram.indexOf(high); index > lowest && left > 0; index--) {
            double edge = Histogram.lowerBound(index);
            long below = Math.min(left, Math.round(count * ((edge - low) / (high - low))));
            if (left > below) {
                into.recordIndex(index, isNegative, left - below);
            }
            left = below;
        }
        if (left > 0) {
            into.recordIndex(lowest, isNegative, left);
        }
    }

    /** An exponential histogram of any scale. */
    static Histogram exponential(int scale, long zeroCount, ExponentialRun positive, ExponentialRun negative) {
        Histogram into = new Histogram();
        if (zeroCount > 0) {
            into.record(0, zeroCount);
        }
        side(scale, negative, true, into);
        side(scale, positive, false, into);
        return into;
    }

    private static void side(int scale, ExponentialRun run, boolean isNegative, Histogram into) {
        if (scale >= Histogram.SCALE) {
            int shift = Math.min(scale - Histogram.SCALE, 31);
            for (int i = 0; i < run.counts().length; i++) {
                if (run.counts()[i] > 0) {
                    into.recordIndex((int) (((long) run.offset() + i) >> shift), isNegative, run.counts()[i]);
                }
            }
            return;
        }
        int wider = Math.min(Histogram.SCALE - scale, 31);
        for (int i = 0; i < run.counts().length; i++) {
            if (run.counts()[i] > 0) {
                long first = clamp(((long) run.offset() + i) << wider);
                long end = clamp((((long) run.offset() + i + 1) << wider) - 1) + 1;
                evenly((int) first, (int) Math.max(end, first + 1), run.counts()[i], isNegative, into);
            }
        }
    }

    private static long clamp(long index) {
        return Math.max(Histogram.MIN_INDEX, Math.min(index, Histogram.MAX_INDEX));
    }

    private static void evenly(int first, int end, long count, boolean isNegative, Histogram into) {
        int buckets = end - first;
        long done = 0;
        for (int i = 0; i < buckets; i++) {
            long upTo = i == buckets - 1 ? count : Math.round((double) count * (i + 1) / buckets);
            if (upTo > done) {
                into.recordIndex(first + i, isNegative, upTo - done);
            }
            done = Math.max(done, upTo);
        }
    }

    /** Whether the bounds of every occupied bucket are doubles. Source: OTLP, "ExponentialHistogram: Scale". */
    static boolean fitsDoubles(int scale, ExponentialRun run) {
        if (scale > 20 || scale < -11) {
            return false;
        }
        for (int i = 0; i < run.counts().length; i++) {
            long index = (long) run.offset() + i;
            double upper = Math.scalb((double) (index + 1), -scale);
            if (run.counts()[i] > 0
                    && (index > Integer.MAX_VALUE - 1 || upper > Double.MAX_EXPONENT + 1 || upper < -1074)) {
                return false;
            }
        }
        return true;
    }
}
