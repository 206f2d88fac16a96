// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import com.sun.net.httpserver.HttpServer;
import io.conjunct.ingest.otlp.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What the exporters of the OpenTelemetry Java SDK send for one of everything. */
final class SdkCaptures {
    private SdkCaptures() {}

    static Map<Signal, List<byte[]>> record() {
        Map<Signal, List<byte[]>> bodies = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            bodies.put(signal, new CopyOnWriteArrayList<>());
        }
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
            bodies.forEach((signal, into) -> server.createContext(signal.httpPath(), exchange -> {
                into.add(exchange.getRequestBody().readAllBytes());
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            }));
            server.start();
            try {
                send("http://127.0.0.1:" + server.getAddress().getPort());
            } finally {
                server.stop(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bodies;
    }

    private static void send(String endpoint) {
        try (SdkTracerProvider spans = SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(endpoint + "/v1/traces")
                                        .build())
                                .build())
                        .build();
                SdkLoggerProvider logs = SdkLoggerProvider.builder()
                        .addLogRecordProcessor(BatchLogRecordProcessor.builder(OtlpHttpLogRecordExporter.builder()
                                        .setEndpoint(endpoint + "/v1/logs")
                                        .build())
                                .build())
                        .build();
                SdkMeterProvider meters = SdkMeterProvider.builder()
                        .registerView(
                                InstrumentSelector.builder().setName("size").build(),
                                View.builder()
                                        .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                                        .build())
                        .registerMetricReader(PeriodicMetricReader.create(OtlpHttpMetricExporter.builder()
                                .setEndpoint(endpoint + "/v1/metrics")
                                .build()))
                        .build()) {
            for (int i = 0; i < 5; i++) {
                Span span = spans.get("scope", "1")
                        .spanBuilder("GET /cart")
                        .setSpanKind(SpanKind.values()[i])
                        .setAttribute("http.status_code", 200L + i)
                        .setAttribute("ratio", 0.5)
                        .setAttribute("cache.hit", true)
                        .setAttribute(AttributeKey.stringArrayKey("list"), List.of("a", "b"))
                        .startSpan();
                span.addEvent("retry");
                span.setStatus(i == 0 ? StatusCode.ERROR : StatusCode.OK, "why");
                span.end();
                logs.get("scope")
                        .logRecordBuilder()
                        .setEventName("deploy")
                        .setBody("body")
                        .setAttribute(AttributeKey.stringKey("version"), "v" + i)
                        .emit();
                meters.get("scope").counterBuilder("orders").build().add(i);
                meters.get("scope").upDownCounterBuilder("open").build().add(-i);
                meters.get("scope").gaugeBuilder("level").build().set(i / 3.0);
                meters.get("scope").histogramBuilder("wait").build().record(i * 7.0, Attributes.empty());
                meters.get("scope").histogramBuilder("size").build().record(i * 900.0);
            }
            spans.forceFlush().join(20, TimeUnit.SECONDS);
            logs.forceFlush().join(20, TimeUnit.SECONDS);
            meters.forceFlush().join(20, TimeUnit.SECONDS);
        }
    }
}
