// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.attribute;
import static io.conjunct.ingest.Otlp.metrics;
import static io.conjunct.ingest.Otlp.nanos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.event.Distribution;
import io.conjunct.event.Kind;
import io.conjunct.ingest.profile.IngestProfile;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From metric points to events: gauges, sums, histograms, temporality and resets. */
class MetricMappingTest {
    private static final AggregationTemporality CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
    private static final AggregationTemporality DELTA = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void gauge_isItsValue() {
        send(Metric.newBuilder().setName("depth").setGauge(Gauge.newBuilder().addDataPoints(point(0, -1, 7))));
        assertThat(fixture.log.onlyRows().series().kind()).isEqualTo(Kind.METRIC);
        assertThat(fixture.log.onlyRows().series().name()).isEqualTo("depth");
        assertThat(values()).containsExactly(7.0);
    }

    @Test
    void deltaSum_isItsValue() {
        send(sum(DELTA, true, point(-10, -5, 3)), sum(DELTA, true, point(-5, -1, 4)));
        assertThat(values()).containsExactly(3.0, 4.0);
    }

    @Test
    void risingCumulativeSum_becomesDeltas_theFirstCountingFromItsStart() {
        send(sum(CUMULATIVE, true, point(-100, -50, 10)));
        send(sum(CUMULATIVE, true, point(-100, -40, 15)));
        send(sum(CUMULATIVE, true, point(-100, -30, 15)));
        assertThat(values()).containsExactly(10.0, 5.0, 0.0);
    }

    @Test
    void cumulativeSumOlderThanTheSidecar_startsWithABaseline() {
        send(sum(CUMULATIVE, true, point(-3_600_000, -50, 10_000)));
        send(sum(CUMULATIVE, true, point(-3_600_000, -40, 10_007)));
        assertThat(values()).containsExactly(7.0);
        assertThat(fixture.metric("rejected", "baseline")).isEqualTo(1);
    }

    @Test
    void cumulativeSumThatRestarts_countsFromItsNewStart() {
        send(sum(CUMULATIVE, true, point(-100, -50, 10)));
        send(sum(CUMULATIVE, true, point(-45, -40, 4)));
        send(sum(CUMULATIVE, true, point(-45, -30, 2)));
        assertThat(values()).containsExactly(10.0, 4.0, 2.0);
    }

    @Test
    void cumulativePointThatIsNotNewer_isIgnoredAndCounted() {
        send(sum(CUMULATIVE, true, point(-100, -50, 10)));
        send(sum(CUMULATIVE, true, point(-100, -50, 10)));
        assertThat(values()).containsExactly(10.0);
        assertThat(fixture.metric("rejected", "stale_point")).isEqualTo(1);
    }

    @Test
    void cumulativeSumThatCanFall_isAGauge() {
        send(sum(CUMULATIVE, false, point(-100, -50, 10)));
        send(sum(CUMULATIVE, false, point(-100, -40, 4)));
        assertThat(values()).containsExactly(10.0, 4.0);
    }

    @Test
    void streamsThatDifferInADroppedAttribute_areDifferentStreams() {
        fixture.sidecar.profile(IngestProfile.keepOnly(Set.of(), Set.of()));
        for (int i = 1; i <= 2; i++) {
            send(sum(CUMULATIVE, true, point(-100, -50 + i, 10 * i).addAttributes(attribute("pod", "a"))));
            send(sum(CUMULATIVE, true, point(-100, -50 + i, 100 * i).addAttributes(attribute("pod", "b"))));
        }
        assertThat(fixture.log.countBySeries()).hasSize(1);
        assertThat(values()).containsExactly(10.0, 100.0, 10.0, 100.0);
    }

    @Test
    void deltaThatDidNotReachTheSpool_isInTheNextOne() {
        send(sum(CUMULATIVE, true, point(-100, -50, 10)));
        fixture.disk.fail(true);
        assertThat(fixture.postProtobuf(
                                "/v1/metrics",
                                metrics(sum(CUMULATIVE, true, point(-100, -40, 15)))
                                        .toByteArray())
                        .statusCode())
                .isEqualTo(503);
        fixture.disk.fail(false);
        await().until(() -> fixture.sidecar.notReady().isEmpty());
        send(sum(CUMULATIVE, true, point(-100, -30, 17)));
        assertThat(values()).containsExactly(10.0, 7.0);
    }

    @Test
    void pointWithoutRecordedValue_isLeftOut() {
        send(Metric.newBuilder()
                .setName("depth")
                .setGauge(Gauge.newBuilder().addDataPoints(point(0, -1, 7).setFlags(1))));
        assertThat(fixture.log.events()).isZero();
        assertThat(fixture.metric("rejected", "no_recorded_value")).isEqualTo(1);
    }

    @Test
    void valueThatIsNotFinite_isRejected() {
        send(Metric.newBuilder()
                .setName("depth")
                .setGauge(Gauge.newBuilder().addDataPoints(point(0, -1, Double.POSITIVE_INFINITY))));
        assertThat(fixture.metric("rejected", "invalid_point")).isEqualTo(1);
    }

    @Test
    void deltaHistogram_keepsCountSumMinAndMax() {
        send(explicit(DELTA, -100, -50, 1, 2, 3));
        Distribution distribution = distributions().get(0);
        assertThat(distribution.count()).isEqualTo(6);
        assertThat(distribution.sum()).isEqualTo(60);
        assertThat(distribution.min()).isEqualTo(1);
        assertThat(distribution.max()).isEqualTo(40);
    }

    @Test
    void cumulativeHistogram_becomesDeltas_andRestarts() {
        send(explicit(CUMULATIVE, -100, -50, 1, 2, 3));
        send(explicit(CUMULATIVE, -100, -40, 1, 4, 3));
        send(explicit(CUMULATIVE, -35, -30, 1, 0, 0));
        send(explicit(CUMULATIVE, -35, -20, 1, 0, 0));
        assertThat(distributions()).extracting(Distribution::count).containsExactly(6L, 2L, 1L);
        assertThat(distributions().get(1).sum()).isEqualTo(20);
        assertThat(distributions().get(1).min()).isNaN();
        assertThat(fixture.metric("rejected", "empty_point")).isEqualTo(1);
    }

    @Test
    void histogramWhoseCountsContradictItsTotal_isRejected() {
        var point = HistogramDataPoint.newBuilder()
                .setTimeUnixNano(nanos(-1))
                .setCount(9)
                .addAllBucketCounts(List.of(1L, 2L))
                .addExplicitBounds(10);
        send(Metric.newBuilder()
                .setName("wait")
                .setHistogram(
                        Histogram.newBuilder().setAggregationTemporality(DELTA).addDataPoints(point)));
        assertThat(fixture.metric("rejected", "invalid_point")).isEqualTo(1);
    }

    @Test
    void cumulativeExponentialHistogram_thatLowersItsScale_becomesExactDeltas() {
        send(exponential(CUMULATIVE, -50, 8, 800, 1, 1));
        send(exponential(CUMULATIVE, -40, 7, 400, 3, 4));
        assertThat(distributions()).extracting(Distribution::count).containsExactly(2L, 5L);
        io.conjunct.histogram.Histogram second = new io.conjunct.histogram.Histogram();
        second.recordIndex(100, false, 5);
        assertThat(distributions().get(1).histogram()).isEqualTo(second);
    }

    @Test
    void c51_exponentialHistogramBeyondDoubles_isRejected() {
        send(exponential(DELTA, -50, 0, 2_000, 1, 1));
        send(exponential(DELTA, -50, 30, 1, 1, 1));
        assertThat(fixture.metric("rejected", "invalid_point")).isEqualTo(2);
    }

    private void send(Metric.Builder... metrics) {
        assertThat(fixture.postProtobuf("/v1/metrics", metrics(metrics).toByteArray())
                        .statusCode())
                .isEqualTo(200);
    }

    private double[] values() {
        return fixture.log.rows().stream()
                .flatMapToDouble(rows -> Arrays.stream((double[]) rows.columns()[0]))
                .toArray();
    }

    private List<Distribution> distributions() {
        return fixture.log.rows().stream()
                .flatMap(rows -> Arrays.stream((Distribution[]) rows.columns()[0]))
                .toList();
    }

    private static NumberDataPoint.Builder point(long start, long time, double value) {
        return NumberDataPoint.newBuilder()
                .setStartTimeUnixNano(nanos(start))
                .setTimeUnixNano(nanos(time))
                .setAsDouble(value);
    }

    private static Metric.Builder sum(
            AggregationTemporality temporality, boolean monotonic, NumberDataPoint.Builder point) {
        return Metric.newBuilder()
                .setName("orders")
                .setSum(Sum.newBuilder()
                        .setAggregationTemporality(temporality)
                        .setIsMonotonic(monotonic)
                        .addDataPoints(point));
    }

    /** Buckets up to 10, up to 20, above; each measurement counts 10 towards the sum. */
    private static Metric.Builder explicit(
            AggregationTemporality temporality, long start, long time, long low, long middle, long high) {
        long count = low + middle + high;
        return Metric.newBuilder()
                .setName("wait")
                .setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(HistogramDataPoint.newBuilder()
                                .setStartTimeUnixNano(nanos(start))
                                .setTimeUnixNano(nanos(time))
                                .setCount(count)
                                .setSum(10.0 * count)
                                .setMin(1)
                                .setMax(40)
                                .addAllExplicitBounds(List.of(10.0, 20.0))
                                .addAllBucketCounts(List.of(low, middle, high))));
    }

    private static Metric.Builder exponential(
            AggregationTemporality temporality, long time, int scale, int offset, long... counts) {
        return Metric.newBuilder()
                .setName("size")
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                                .setStartTimeUnixNano(nanos(-100))
                                .setTimeUnixNano(nanos(time))
                                .setCount(Arrays.stream(counts).sum())
                                .setScale(scale)
                                .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                                        .setOffset(offset)
                                        .addAllBucketCounts(
                                                Arrays.stream(counts).boxed().toList()))));
    }
}
