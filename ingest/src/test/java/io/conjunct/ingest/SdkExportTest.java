// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.Distribution;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.Kind;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unmodified OpenTelemetry Java SDK as the client, over both protocols, plain and gzip. */
class SdkExportTest {
    private static final Resource CHECKOUT = Resource.getDefault()
            .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "checkout")));

    private final Fixture fixture = Fixture.onRealClock();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc none", "grpc gzip", "http none", "http gzip"})
    void spansOfTheSdk_overEveryTransport_becomeSpanEvents(String transport) {
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(CHECKOUT)
                .addSpanProcessor(
                        BatchSpanProcessor.builder(spanExporter(transport)).build())
                .build()) {
            for (int i = 0; i < 100; i++) {
                Span span = provider.get("test")
                        .spanBuilder("GET /cart")
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute("http.request.method", "GET")
                        .setAttribute("http.status_code", 200)
                        .setAttribute("url.full", "http://secret")
                        .startSpan();
                span.setStatus(i % 10 == 0 ? StatusCode.ERROR : StatusCode.UNSET);
                span.end();
            }
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
        Map<String, Integer> byStatus = fixture.log.rows().stream()
                .collect(Collectors.toMap(
                        rows -> String.valueOf(rows.series().get("status")), Rows::count, Integer::sum));
        assertThat(byStatus).containsOnly(Map.entry("error", 10), Map.entry("unset", 90));
        Rows rows = fixture.log.rows().get(0);
        assertThat(rows.series().kind()).isEqualTo(Kind.SPAN);
        assertThat(rows.series().service()).isEqualTo("checkout");
        assertThat(rows.series().name()).isEqualTo("GET /cart");
        assertThat(rows.series().attributes())
                .containsEntry("span.kind", "server")
                .containsEntry("http.request.method", "GET")
                .containsEntry("http.response.status_code", "200")
                .hasSize(4);
        assertThat(rows.exemplars()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "http"})
    void namedLogRecordsOfTheSdk_overEveryTransport_becomeEvents(String transport) {
        LogRecordExporter exporter = transport.equals("grpc")
                ? OtlpGrpcLogRecordExporter.builder().setEndpoint(grpc()).build()
                : OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(http("/v1/logs"))
                        .build();
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
                .setResource(CHECKOUT)
                .addLogRecordProcessor(BatchLogRecordProcessor.builder(exporter).build())
                .build()) {
            Logger logger = provider.get("test");
            logger.logRecordBuilder()
                    .setEventName("cache.lookup")
                    .setAttribute(AttributeKey.booleanKey("IsCacheHit"), true)
                    .emit();
            logger.logRecordBuilder().setBody("just a line").emit();
            CompletableResultCode flushed = provider.forceFlush().join(10, TimeUnit.SECONDS);
            assertThat(flushed.isSuccess()).isTrue();
        }
        Rows rows = fixture.log.onlyRows();
        assertThat(rows.series().kind()).isEqualTo(Kind.EVENT);
        assertThat(rows.series().name()).isEqualTo("cache.lookup");
        assertThat(rows.series().attributes()).containsOnly(Map.entry("cache.hit", "true"));
        assertThat(fixture.metric("rejected", "no_event_name")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "http"})
    void cumulativeMetricsOfTheSdk_exportedTwice_becomeDeltas(String transport) {
        MetricExporter exporter = transport.equals("grpc")
                ? OtlpGrpcMetricExporter.builder().setEndpoint(grpc()).build()
                : OtlpHttpMetricExporter.builder()
                        .setEndpoint(http("/v1/metrics"))
                        .build();
        try (SdkMeterProvider provider = SdkMeterProvider.builder()
                .setResource(CHECKOUT)
                .registerMetricReader(PeriodicMetricReader.create(exporter))
                .registerView(
                        InstrumentSelector.builder().setName("size").build(),
                        View.builder()
                                .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                                .build())
                .build()) {
            Meter meter = provider.get("test");
            var orders = meter.counterBuilder("orders").build();
            var wait = meter.histogramBuilder("wait").build();
            var size = meter.histogramBuilder("size").build();
            orders.add(5);
            wait.record(7);
            size.record(3);
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
            orders.add(2);
            wait.record(8);
            wait.record(9);
            size.record(3);
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
        assertThat(numbers("orders")).startsWith(5.0, 2.0);
        assertThat(counts("wait")).containsExactly(1L, 2L);
        assertThat(counts("size")).containsExactly(1L, 1L);
    }

    @Test
    void sidecarThatHasExported_isReady() {
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(fixture.sidecar.notReady()).isEmpty());
    }

    private double[] numbers(String metric) {
        return fixture.log.rows().stream()
                .filter(rows -> rows.series().name().equals(metric))
                .flatMapToDouble(rows -> java.util.Arrays.stream((double[]) rows.columns()[0]))
                .toArray();
    }

    private Long[] counts(String metric) {
        return fixture.log.rows().stream()
                .filter(rows -> rows.series().name().equals(metric))
                .flatMap(rows -> java.util.Arrays.stream((Distribution[]) rows.columns()[0]))
                .map(Distribution::count)
                .toArray(Long[]::new);
    }

    private SpanExporter spanExporter(String transport) {
        String compression = transport.endsWith("gzip") ? "gzip" : "none";
        return transport.startsWith("grpc")
                ? OtlpGrpcSpanExporter.builder()
                        .setEndpoint(grpc())
                        .setCompression(compression)
                        .build()
                : OtlpHttpSpanExporter.builder()
                        .setEndpoint(http("/v1/traces"))
                        .setCompression(compression)
                        .build();
    }

    private String grpc() {
        return "http://127.0.0.1:" + fixture.sidecar.grpcPort();
    }

    private String http(String path) {
        return fixture.uri(path).toString();
    }
}
