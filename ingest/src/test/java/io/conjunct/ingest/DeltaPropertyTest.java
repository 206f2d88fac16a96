// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.attribute;
import static io.conjunct.ingest.Otlp.metrics;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.Distribution;
import io.conjunct.ingest.otlp.Signal;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random lives of cumulative streams, some points lost, repeated or in the wrong order, processes restarted: what comes
 * out adds up to what a simple oracle says happened up to the newest point that arrived. Semantics S18.
 */
class DeltaPropertyTest {
    private static final AggregationTemporality CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;

    /** A point as it was exported. */
    private record Point(long start, long time, long total) {}

    /** One stream's exports in the order of their arrival, and what has to come out. */
    private static final class Life {
        private final List<Point> arrivals = new ArrayList<>();
        private long expected;

        Life(SplittableRandom random) {
            List<Point> exported = new ArrayList<>();
            long time = random.nextLong(20);
            long start = time;
            long total = 0;
            for (int i = 0; i < 30; i++) {
                time += 1 + random.nextLong(5);
                if (random.nextInt(10) == 0) {
                    start = time;
                    total = 0;
                    time++;
                }
                total += random.nextLong(4);
                exported.add(new Point(start, time, total));
            }
            exported.removeIf(point -> random.nextInt(5) == 0);
            for (Point point : exported) {
                arrivals.add(point);
                if (random.nextInt(5) == 0) {
                    arrivals.add(point);
                }
            }
            for (int i = 1; i < arrivals.size(); i++) {
                if (random.nextInt(6) == 0) {
                    arrivals.add(i - 1, arrivals.remove(i));
                }
            }
            oracle();
        }

        /** Each process counts up to its newest point that arrived before one of a later process. */
        private void oracle() {
            long start = -1;
            long time = -1;
            long total = 0;
            for (Point point : arrivals) {
                if (point.start < start || point.time <= time) {
                    continue;
                }
                expected += point.start == start ? point.total - total : point.total;
                start = point.start;
                time = point.time;
                total = point.total;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sums_addUpToWhatHappened(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Fixture fixture = new Fixture()) {
            fixture.now = Instant.ofEpochMilli(Fixture.NOW.toEpochMilli() + 300_000);
            long expected = live(fixture, random, DeltaPropertyTest::sum);
            double sum = fixture.log.rows().stream()
                    .flatMapToDouble(rows -> Arrays.stream((double[]) rows.columns()[0]))
                    .peek(delta -> assertThat(delta).isNotNegative())
                    .sum();
            assertThat(sum).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void histograms_addUpToWhatHappened(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Fixture fixture = new Fixture()) {
            fixture.now = Instant.ofEpochMilli(Fixture.NOW.toEpochMilli() + 300_000);
            long expected = live(fixture, random, DeltaPropertyTest::histogram);
            long count = fixture.log.rows().stream()
                    .flatMap(rows -> Arrays.stream((Distribution[]) rows.columns()[0]))
                    .mapToLong(Distribution::count)
                    .sum();
            assertThat(count).as("seed %d", seed).isEqualTo(expected);
        }
    }

    /** Ten streams side by side, the next points of all of them in one request; returns what has to come out. */
    private static long live(
            Fixture fixture, SplittableRandom random, BiFunction<Integer, Point, Metric.Builder> kind) {
        List<Life> lives = Stream.generate(() -> new Life(random)).limit(10).toList();
        int longest =
                lives.stream().mapToInt(life -> life.arrivals.size()).max().orElseThrow();
        for (int i = 0; i < longest; i++) {
            List<Metric.Builder> points = new ArrayList<>();
            for (int stream = 0; stream < lives.size(); stream++) {
                if (i < lives.get(stream).arrivals.size()) {
                    points.add(kind.apply(stream, lives.get(stream).arrivals.get(i)));
                }
            }
            Door door = random.nextBoolean() ? Door.HTTP_JSON : Door.HTTP_PROTOBUF;
            assertThat(door.export(fixture, Signal.METRICS, metrics(points.toArray(Metric.Builder[]::new))))
                    .isEqualTo(Door.Answer.SUCCESS);
        }
        return lives.stream().mapToLong(life -> life.expected).sum();
    }

    private static Metric.Builder sum(int stream, Point point) {
        return Metric.newBuilder()
                .setName("errors")
                .setSum(Sum.newBuilder()
                        .setAggregationTemporality(CUMULATIVE)
                        .setIsMonotonic(true)
                        .addDataPoints(NumberDataPoint.newBuilder()
                                .addAttributes(attribute("stream", "s" + stream))
                                .setStartTimeUnixNano(Otlp.nanos(point.start * 1_000))
                                .setTimeUnixNano(Otlp.nanos(point.time * 1_000))
                                .setAsInt(point.total)));
    }

    private static Metric.Builder histogram(int stream, Point point) {
        return Metric.newBuilder()
                .setName("wait")
                .setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(CUMULATIVE)
                        .addDataPoints(HistogramDataPoint.newBuilder()
                                .addAttributes(attribute("stream", "s" + stream))
                                .setStartTimeUnixNano(Otlp.nanos(point.start * 1_000))
                                .setTimeUnixNano(Otlp.nanos(point.time * 1_000))
                                .setCount(point.total)
                                .setSum(point.total * 5.0)
                                .addExplicitBounds(10)
                                .addBucketCounts(point.total)
                                .addBucketCounts(0)));
    }
}
