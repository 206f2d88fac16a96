// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.event.Seeded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Counts are exact, quantiles are within the stated error, and histograms add and subtract like numbers. */
class HistogramTest {
    /** What the rounding of bounds to doubles may add. */
    private static final double ROUNDING = 1e-12;

    @Test
    void indexOf_atEveryPowerOfTwo_isUpperInclusive() {
        for (int exponent = -39; exponent <= 63; exponent++) {
            double power = Math.scalb(1.0, exponent);
            int below = (exponent << Histogram.SCALE) - 1;
            assertThat(Histogram.indexOf(power)).as("2^%d", exponent).isEqualTo(below);
            assertThat(Histogram.indexOf(Math.nextUp(power))).isEqualTo(below + 1);
            assertThat(Histogram.indexOf(Math.nextDown(power))).isEqualTo(below);
        }
    }

    @Test
    void indexOf_atEveryBound_isUpperInclusive() {
        for (int index = Histogram.MIN_INDEX + 1; index <= Histogram.MAX_INDEX; index++) {
            double lower = Histogram.lowerBound(index);
            assertThat(Histogram.indexOf(lower)).as("bound of %d", index).isEqualTo(index - 1);
            assertThat(Histogram.indexOf(Math.nextUp(lower))).isEqualTo(index);
            assertThat(Histogram.indexOf(Math.nextDown(lower))).isEqualTo(index - 1);
        }
    }

    @Test
    void indexOf_ofAnyValue_isTheBucketWhoseBoundsEncloseIt() {
        Seeded.forEach(200_000, (random, seed) -> {
            double value = Math.exp(random.nextDouble(-27, 44));
            int index = Histogram.indexOf(value);
            assertThat(value).isGreaterThan(Histogram.lowerBound(index));
            assertThat(value).isLessThanOrEqualTo(Histogram.lowerBound(index + 1));
        });
    }

    @Test
    void valueOf_anyBucket_isEquallyWrongAtBothEnds() {
        for (int index = Histogram.MIN_INDEX; index <= Histogram.MAX_INDEX; index++) {
            double value = Histogram.valueOf(index);
            double low = Histogram.lowerBound(index);
            double high = Histogram.lowerBound(index + 1);
            assertThat((value - low) / low).isCloseTo(Histogram.MAX_RELATIVE_ERROR, within(ROUNDING));
            assertThat((high - value) / high).isCloseTo(Histogram.MAX_RELATIVE_ERROR, within(ROUNDING));
        }
        assertThat(Histogram.MAX_RELATIVE_ERROR).isBetween(0.0108, 0.0109);
    }

    @Test
    void quantiles_ofManyShapesOfData_areWithinTheStatedError() {
        Seeded.forEach(60, (random, seed) -> {
            quantilesAreClose(random, () -> Math.exp(15 + random.nextGaussian()));
            quantilesAreClose(
                    random, () -> random.nextInt(10) == 0 ? random.nextGaussian(900, 30) : 1 + random.nextDouble());
            quantilesAreClose(random, () -> Math.pow(1 - random.nextDouble(), -1 / 1.2));
            quantilesAreClose(random, () -> 42);
            quantilesAreClose(random, () -> random.nextInt(100) == 0 ? 5e9 : 1e6);
            quantilesAreClose(random, () -> -Math.exp(random.nextGaussian() * 3));
            quantilesAreClose(random, () -> random.nextInt(3) == 0 ? 0 : random.nextGaussian());
            quantilesAreClose(random, () -> random.nextInt(2) == 0 ? -random.nextDouble(1e-9, 1) : random.nextInt(4));
        });
    }

    private static void quantilesAreClose(RandomGenerator random, DoubleSupplier data) {
        double[] values = new double[random.nextInt(1, 3_000)];
        Histogram histogram = new Histogram();
        for (int i = 0; i < values.length; i++) {
            values[i] = data.getAsDouble();
            histogram.record(values[i]);
        }
        Arrays.sort(values);
        assertThat(histogram.count()).isEqualTo(values.length);
        for (double q : new double[] {1e-12, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1}) {
            double exact = values[(int) Histogram.rankOf(q, values.length) - 1];
            double answer = histogram.quantile(q);
            assertThat(Math.abs(answer - exact))
                    .as("q %s of %d values: %s for %s", q, values.length, answer, exact)
                    .isLessThanOrEqualTo(Math.abs(exact) * (Histogram.MAX_RELATIVE_ERROR + ROUNDING));
        }
    }

    @Test
    void rankOf_roundHundreds_isNotPushedUpByRounding() {
        assertThat(Histogram.rankOf(0.99, 100)).isEqualTo(99);
        assertThat(Histogram.rankOf(0.99, 101)).isEqualTo(100);
        assertThat(Histogram.rankOf(0.95, 20)).isEqualTo(19);
        assertThat(Histogram.rankOf(0.999, 1_000)).isEqualTo(999);
        assertThat(Histogram.rankOf(0.5, 1)).isEqualTo(1);
        assertThat(Histogram.rankOf(1e-12, 5)).isEqualTo(1);
        assertThat(Histogram.rankOf(1, 5)).isEqualTo(5);
        for (long n = 1; n <= 100_000; n++) {
            assertThat(Histogram.rankOf(0.99, n)).isEqualTo((99 * n + 99) / 100);
        }
    }

    @Test
    void quantile_ofEmpty_isNaN() {
        assertThat(new Histogram().quantile(0.99)).isNaN();
        assertThat(new Histogram().isEmpty()).isTrue();
    }

    @Test
    void quantile_outsideOfRange_isRefused() {
        Histogram histogram = random(Seeded.random(1));
        for (double q : new double[] {0, -0.1, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> histogram.quantile(q)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void add_inAnyOrderAndGrouping_isTheSame() {
        Seeded.forEach(2_000, (random, seed) -> {
            Histogram a = random(random);
            Histogram b = random(random);
            Histogram c = random(random);

            assertThat(sum(a, b)).isEqualTo(sum(b, a)).hasSameHashCodeAs(sum(b, a));
            assertThat(sum(sum(a, b), c)).isEqualTo(sum(a, sum(b, c)));
            assertThat(sum(a, b).count()).isEqualTo(a.count() + b.count());
        });
    }

    @Test
    void subtract_ofWhatWasAdded_isAsBefore() {
        Seeded.forEach(2_000, (random, seed) -> {
            Histogram a = random(random);
            Histogram b = random(random);
            Histogram both = sum(a, b);

            both.subtract(b);

            assertThat(both).isEqualTo(a);
            assertThat(both.isEmpty()).isEqualTo(a.isEmpty());
            if (!a.isEmpty()) {
                assertThat(both.quantile(0.99)).isEqualTo(a.quantile(0.99));
                assertThat(both.quantile(0.01)).isEqualTo(a.quantile(0.01));
            }
            both.subtract(a);
            assertThat(both).isEqualTo(new Histogram());
            assertThat(both.quantile(0.5)).isNaN();
        });
    }

    @Test
    void record_withNegativeTimes_takesBack() {
        Histogram histogram = new Histogram();
        histogram.record(5, 3);
        histogram.record(-7, 2);
        histogram.record(0, 4);
        histogram.record(5, -3);
        histogram.record(-7, -2);
        histogram.record(0, -4);

        assertThat(histogram).isEqualTo(new Histogram());
    }

    @Test
    void clear_keepsNothing() {
        Histogram histogram = random(Seeded.random(7));
        histogram.clear();
        assertThat(histogram).isEqualTo(new Histogram());
        histogram.record(3);
        Histogram fresh = new Histogram();
        fresh.record(3);
        assertThat(histogram).isEqualTo(fresh);
        assertThat(bytes(histogram)).isEqualTo(bytes(fresh));
    }

    @Test
    void writeTo_andMergeFrom_giveTheSameHistogram() {
        Seeded.forEach(2_000, (random, seed) -> {
            Histogram a = random(random);
            Histogram b = random(random);
            byte[] written = bytes(b);

            Histogram read = new Histogram();
            read.mergeFrom(CodedInputStream.newInstance(written), 1);
            assertThat(read).isEqualTo(b);
            assertThat(bytes(read)).isEqualTo(written);
            assertThat(Histogram.check(CodedInputStream.newInstance(written), Long.MAX_VALUE))
                    .isEqualTo(b.count());

            Histogram merged = sum(a, new Histogram());
            merged.mergeFrom(CodedInputStream.newInstance(written), 1);
            assertThat(merged).isEqualTo(sum(a, b));
            merged.mergeFrom(CodedInputStream.newInstance(written), -1);
            assertThat(merged).isEqualTo(a);
        });
    }

    @Test
    void mergeFrom_ofDamagedBytes_failsWithIOExceptionOnly() {
        Seeded.forEach(20_000, (random, seed) -> {
            byte[] damaged = bytes(random(random));
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            boolean sound = false;
            long checked = 0;
            try {
                checked = Histogram.check(CodedInputStream.newInstance(damaged), 1L << 40);
                sound = true;
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
            Histogram read = new Histogram();
            try {
                read.mergeFrom(CodedInputStream.newInstance(damaged), 1);
                if (sound) {
                    assertThat(read.count()).isEqualTo(checked);
                }
            } catch (IOException e) {
                assertThat(sound).isFalse();
            }
        });
    }

    @Test
    void recordIndex_ofAFinerOtlpHistogram_isTheSameAsRecordingItsValues() {
        Seeded.forEach(1_000, (random, seed) -> {
            int finer = random.nextInt(1, 10);
            Histogram direct = new Histogram();
            Histogram downscaled = new Histogram();
            for (int i = 0; i < 200; i++) {
                // A fine bucket, by the definition of the OpenTelemetry data model: (base^index, base^(index + 1)].
                int fine = random.nextInt(-38 << (Histogram.SCALE + finer), 62 << (Histogram.SCALE + finer));
                double middle = Math.pow(2, (fine + 0.5) / (1 << (Histogram.SCALE + finer)));
                boolean negative = random.nextBoolean();
                direct.record(negative ? -middle : middle);
                downscaled.recordIndex(fine >> finer, negative, 1);
            }
            assertThat(downscaled).isEqualTo(direct);
        });
    }

    @Test
    void record_ofExtremes_staysWithinTheBuckets() {
        Histogram histogram = new Histogram();
        histogram.record(Double.MIN_VALUE);
        histogram.record(-Double.MIN_NORMAL);
        histogram.record(0x1p-40);
        histogram.record(-0.0);
        assertThat(histogram.zeroCount()).isEqualTo(4);
        assertThat(histogram.quantile(1)).isZero();

        histogram.record(Math.nextUp(0x1p-40));
        assertThat(histogram.zeroCount()).isEqualTo(4);
        assertThat(histogram.quantile(1)).isEqualTo(Histogram.valueOf(Histogram.MIN_INDEX));

        for (double huge : new double[] {0x1p64, 1e30, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
            assertThat(Histogram.indexOf(huge)).isEqualTo(Histogram.MAX_INDEX);
            histogram.record(huge);
            histogram.record(-huge);
        }
        assertThat(histogram.quantile(1)).isEqualTo(Histogram.valueOf(Histogram.MAX_INDEX));
        assertThat(histogram.quantile(1e-12)).isEqualTo(-Histogram.valueOf(Histogram.MAX_INDEX));
        assertThat(histogram.count()).isEqualTo(13);
    }

    @Test
    void recordIndex_beyondTheLimits_countsLikeTheValues() {
        Histogram byIndex = new Histogram();
        byIndex.recordIndex(Histogram.MIN_INDEX - 1, false, 2);
        byIndex.recordIndex(-100_000, true, 3);
        byIndex.recordIndex(100_000, false, 4);
        Histogram byValue = new Histogram();
        byValue.record(0x1p-41, 2);
        byValue.record(-1e-300, 3);
        byValue.record(1e300, 4);

        assertThat(byIndex).isEqualTo(byValue);
    }

    @Test
    void record_ofNaN_isRefusedAndChangesNothing() {
        Histogram histogram = new Histogram();
        assertThatThrownBy(() -> histogram.record(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThat(histogram).isEqualTo(new Histogram());
    }

    @Test
    void forEach_visitsBucketsFromTheMostNegativeToTheLargest() {
        Seeded.forEach(500, (random, seed) -> {
            Histogram histogram = random(random);
            Histogram copy = new Histogram();
            double[] before = {Double.NEGATIVE_INFINITY};
            histogram.forEach((index, negative, count) -> {
                double value = negative ? -Histogram.valueOf(index) : Histogram.valueOf(index);
                assertThat(value).isGreaterThan(before[0]);
                before[0] = value;
                copy.recordIndex(index, negative, count);
            });
            copy.record(0, histogram.zeroCount());
            assertThat(copy).isEqualTo(histogram);
        });
    }

    static Histogram random(RandomGenerator random) {
        Histogram histogram = new Histogram();
        int values = random.nextInt(8) == 0 ? 0 : random.nextInt(1, 60);
        double spread = random.nextDouble(10);
        for (int i = 0; i < values; i++) {
            double value = random.nextInt(10) == 0 ? 0 : Math.exp(random.nextGaussian() * spread);
            histogram.record(random.nextInt(6) == 0 ? -value : value, random.nextLong(1, 1_000));
        }
        return histogram;
    }

    private static Histogram sum(Histogram a, Histogram b) {
        Histogram sum = new Histogram();
        sum.add(a);
        sum.add(b);
        return sum;
    }

    private static byte[] bytes(Histogram histogram) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            histogram.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
