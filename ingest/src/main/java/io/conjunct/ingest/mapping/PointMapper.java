// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.event.Distribution;
import io.conjunct.histogram.Histogram;
import io.conjunct.ingest.mapping.CumulativeStreams.Step;
import io.conjunct.ingest.mapping.CumulativeStreams.Verdict;
import io.conjunct.ingest.metrics.Rejection;
import io.conjunct.ingest.metrics.Tally;
import io.conjunct.ingest.otlp.HistogramPoint;
import io.conjunct.ingest.otlp.OtlpVisitor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The measurement in a metric's data point: as it is for gauges and deltas, since the previous point for cumulative ones.
 * Whatever cannot be a measurement is counted by its reason and yields null.
 */
final class PointMapper {
    private final CumulativeStreams streams;

    PointMapper(CumulativeStreams streams) {
        this.streams = streams;
    }

    /** The value of a gauge, of a delta sum, of a sum that can fall, or what a rising sum rose by. */
    @Nullable
    Double number(
            boolean sum,
            int temporality,
            boolean monotonic,
            long stream,
            CumulativePoint.Sum point,
            EventStage stage,
            Tally tally) {
        boolean known = !sum || temporality == OtlpVisitor.DELTA || temporality == OtlpVisitor.CUMULATIVE;
        if (!known || !Double.isFinite(point.value())) {
            tally.reject(Rejection.INVALID_POINT);
            return null;
        }
        if (!sum || !monotonic || temporality == OtlpVisitor.DELTA) {
            return point.value();
        }
        Step step = advance(stream, point, stage, tally);
        if (step == null) {
            return null;
        }
        return step.verdict() == Verdict.SINCE_PREVIOUS && step.previous() instanceof CumulativePoint.Sum previous
                ? point.value() - previous.value()
                : point.value();
    }

    /** The measurements in a histogram's point. */
    @Nullable
    Distribution distribution(int temporality, long stream, HistogramPoint point, EventStage stage, Tally tally) {
        boolean known = temporality == OtlpVisitor.DELTA || temporality == OtlpVisitor.CUMULATIVE;
        if (!known || !isValid(point)) {
            tally.reject(Rejection.INVALID_POINT);
            return null;
        }
        Distribution distribution = point.exponential
                ? exponential(temporality, stream, point, stage, tally)
                : explicit(temporality, stream, point, stage, tally);
        if (distribution != null && distribution.count() == 0) {
            tally.reject(Rejection.EMPTY_POINT);
            return null;
        }
        return distribution;
    }

    private @Nullable Distribution explicit(
            int temporality, long stream, HistogramPoint point, EventStage stage, Tally tally) {
        long[] counts = point.positive.size == 0 ? new long[] {point.count} : point.positive.copy();
        double sum = point.sum;
        boolean extremes = true;
        if (temporality == OtlpVisitor.CUMULATIVE) {
            var now = new CumulativePoint.Explicit(
                    point.startNanos, point.timeNanos, Arrays.copyOf(point.bounds, point.boundCount), counts, sum);
            Step step = advance(stream, now, stage, tally);
            if (step == null) {
                return null;
            }
            if (step.verdict() == Verdict.SINCE_PREVIOUS
                    && step.previous() instanceof CumulativePoint.Explicit previous) {
                counts = now.since(previous);
                sum -= previous.sum();
                extremes = false;
            }
        }
        Histogram histogram;
        if (counts.length == 1 && Double.isNaN(point.min) && Double.isNaN(point.max) && !Double.isNaN(sum)) {
            histogram = new Histogram();
            if (counts[0] > 0) {
                histogram.record(sum / counts[0], counts[0]);
            }
        } else {
            histogram = BucketSpread.explicit(point.bounds, point.boundCount, counts, point.min, point.max);
        }
        return of(histogram, sum, extremes, point);
    }

    private @Nullable Distribution exponential(
            int temporality, long stream, HistogramPoint point, EventStage stage, Tally tally) {
        var now = CumulativePoint.Exponential.of(point);
        ExponentialRun positive = now.positive();
        ExponentialRun negative = now.negative();
        long zero = now.zeroCount();
        double sum = point.sum;
        boolean extremes = true;
        if (temporality == OtlpVisitor.CUMULATIVE) {
            Step step = advance(stream, now, stage, tally);
            if (step == null) {
                return null;
            }
            if (step.verdict() == Verdict.SINCE_PREVIOUS
                    && step.previous() instanceof CumulativePoint.Exponential previous) {
                int shift = previous.scale() - now.scale();
                positive = positive.minus(previous.positive().coarser(shift));
                negative = negative.minus(previous.negative().coarser(shift));
                zero -= previous.zeroCount();
                sum -= previous.sum();
                extremes = false;
            }
        }
        return of(BucketSpread.exponential(point.scale, zero, positive, negative), sum, extremes, point);
    }

    /** Min and max of a cumulative point are those of its whole life, so they say nothing about what is new. */
    private static Distribution of(Histogram histogram, double sum, boolean extremes, HistogramPoint point) {
        return new Distribution(histogram, sum, extremes ? point.min : Double.NaN, extremes ? point.max : Double.NaN);
    }

    private @Nullable Step advance(long stream, CumulativePoint point, EventStage stage, Tally tally) {
        Step step = streams.advance(stream, point);
        if (step.verdict() == Verdict.STALE) {
            tally.reject(Rejection.STALE_POINT);
            return null;
        }
        stage.onFailure(() -> streams.undo(stream, point, step.previous()));
        if (step.verdict() == Verdict.BASELINE) {
            tally.reject(Rejection.BASELINE);
            return null;
        }
        return step;
    }

    private static boolean isValid(HistogramPoint point) {
        if (point.overLimit || point.count < 0 || Double.isInfinite(point.sum)) {
            return false;
        }
        return point.exponential ? isValidExponential(point) : isValidExplicit(point);
    }

    private static boolean isValidExplicit(HistogramPoint point) {
        if (point.positive.size != 0 && point.positive.size != point.boundCount + 1) {
            return false;
        }
        if (point.positive.size == 0 && point.boundCount != 0) {
            return false;
        }
        long total = 0;
        for (int i = 0; i < point.positive.size; i++) {
            if (point.positive.get(i) < 0) {
                return false;
            }
            total += point.positive.get(i);
        }
        for (int i = 0; i < point.boundCount; i++) {
            if (!Double.isFinite(point.bounds[i]) || (i > 0 && !(point.bounds[i] > point.bounds[i - 1]))) {
                return false;
            }
        }
        return point.positive.size == 0 || total == point.count;
    }

    private static boolean isValidExponential(HistogramPoint point) {
        ExponentialRun positive = ExponentialRun.of(point.positive);
        ExponentialRun negative = ExponentialRun.of(point.negative);
        for (ExponentialRun run : new ExponentialRun[] {positive, negative}) {
            for (long count : run.counts()) {
                if (count < 0) {
                    return false;
                }
            }
            if (!BucketSpread.fitsDoubles(point.scale, run)) {
                return false;
            }
        }
        return point.zeroCount >= 0 && positive.total() + negative.total() + point.zeroCount == point.count;
    }
}
