// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.conjunct.histogram.Histogram;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign buckets against ours, on data that is known exactly. */
class BucketSpreadTest {
    private static final double NONE = Double.NaN;

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 8, 12, 20})
    void finerExponentialBuckets_moveExactly(int scale) {
        Random random = new Random(1);
        Histogram exact = new Histogram();
        java.util.TreeMap<Integer, Long> buckets = new java.util.TreeMap<>();
        double base = Math.pow(2, Math.pow(2, -scale));
        for (int i = 0; i < 200; i++) {
            int index = (8 << scale) + random.nextInt(1 << Math.min(scale, 12));
            buckets.merge(index, 1L, Long::sum);
            exact.record(Math.pow(base, index + 0.5));
        }
        int first = buckets.firstKey();
        long[] counts = new long[buckets.lastKey() - first + 1];
        buckets.forEach((index, count) -> counts[index - first] = count);
        Histogram moved = BucketSpread.exponential(
                scale, 0, new ExponentialRun(first, counts), new ExponentialRun(0, new long[0]));
        assertThat(moved).isEqualTo(exact);
    }

    @Test
    void negativeIndices_shiftTowardsMinusInfinity() {
        Histogram moved = BucketSpread.exponential(
                6, 0, new ExponentialRun(-3, new long[] {1, 1, 1}), new ExponentialRun(0, new long[0]));
        Histogram expected = new Histogram();
        expected.recordIndex(-2, false, 1);
        expected.recordIndex(-1, false, 2);
        assertThat(moved).isEqualTo(expected);
    }

    @Test
    void coarserExponentialBucket_isSpreadEvenlyOverItsSubBuckets() {
        Histogram moved = BucketSpread.exponential(
                3, 2, new ExponentialRun(10, new long[] {9}), new ExponentialRun(10, new long[] {4}));
        Histogram expected = new Histogram();
        expected.record(0, 2);
        for (int i = 0; i < 4; i++) {
            expected.recordIndex(40 + i, true, 1);
            expected.recordIndex(40 + i, false, i == 1 ? 3 : 2);
        }
        assertThat(moved).isEqualTo(expected);
        assertThat(moved.count()).isEqualTo(15);
    }

    @Test
    void coarsestExponentialBucket_staysWithinOurRange() {
        Histogram moved = BucketSpread.exponential(
                -10, 0, new ExponentialRun(-1, new long[] {1_000, 1_000}), new ExponentialRun(0, new long[0]));
        assertThat(moved.count()).isEqualTo(2_000);
    }

    @Test
    void evenlySpreadValues_haveTheQuantilesOfTheExactData() {
        double[] bounds = {10, 20, 40};
        Histogram histogram = BucketSpread.explicit(bounds, 3, new long[] {1_000, 1_000, 2_000, 0}, NONE, NONE);
        assertThat(histogram.count()).isEqualTo(4_000);
        assertThat(histogram.quantile(0.25)).isCloseTo(10, within(0.3));
        assertThat(histogram.quantile(0.375)).isCloseTo(15, within(0.3));
        assertThat(histogram.quantile(0.75)).isCloseTo(30, within(0.6));
        assertThat(histogram.quantile(1)).isCloseTo(40, within(0.6));
    }

    @Test
    void minAndMax_tightenTheOuterBuckets() {
        Histogram histogram = BucketSpread.explicit(new double[] {10, 20}, 2, new long[] {5, 0, 5}, 9.9, 21);
        assertThat(histogram.quantile(0.1)).isCloseTo(9.9, within(0.2));
        assertThat(histogram.quantile(1)).isCloseTo(21, within(0.3));
    }

    @Test
    void lastBucketWithoutMax_standsJustAboveItsBound() {
        Histogram histogram = BucketSpread.explicit(new double[] {10}, 1, new long[] {0, 5}, NONE, NONE);
        assertThat(histogram.quantile(1)).isCloseTo(10, within(0.3));
    }

    @Test
    void bucketAcrossZero_isSplitByWidth() {
        Histogram histogram = BucketSpread.explicit(new double[] {-10, 30}, 2, new long[] {0, 400, 0}, NONE, NONE);
        long[] negatives = {0};
        histogram.forEach((index, negative, count) -> negatives[0] += negative ? count : 0);
        assertThat(negatives[0]).isEqualTo(100);
        assertThat(histogram.count()).isEqualTo(400);
    }

    @Test
    void firstBucketThatEndsAtZero_isZero() {
        Histogram histogram = BucketSpread.explicit(new double[] {0, 5}, 2, new long[] {7, 0, 0}, NONE, NONE);
        assertThat(histogram.zeroCount()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 1_000, 4_503_599_627_370_496L})
    void anyCount_isKeptExactly(long count) {
        Random random = new Random(count);
        for (int i = 0; i < 200; i++) {
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 4);
            double high = low + Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(12) - 4);
            if (high > low) {
                Histogram histogram =
                        BucketSpread.explicit(new double[] {low, high}, 2, new long[] {0, count, 0}, NONE, NONE);
                assertThat(histogram.count()).as("%s %s", low, high).isEqualTo(count);
                long[] sum = {histogram.zeroCount()};
                histogram.forEach((index, negative, n) -> {
                    assertThat(n).isPositive();
                    sum[0] += n;
                });
                assertThat(sum[0]).isEqualTo(count);
            }
        }
    }
}
