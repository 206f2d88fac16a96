// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A read API in front of a warm cache, 100 requests a second, traced by the OpenTelemetry SDK: a server span
 * {@code GET /doc} and in it a client span {@code RedisGET}; 19 of 20 are hits. Keeps its own book of what it traced.
 */
final class SdkReadApi implements AutoCloseable {
    static final String VERSION = "1.4.2";

    private static final AttributeKey<Boolean> CACHE_HIT = AttributeKey.booleanKey("cache.hit");

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final Requests requests;
    private final SortedMap<String, Integer> traced = new TreeMap<>();
    private volatile boolean slow;
    private int served;

    private SdkReadApi(String service, SpanExporter exporter) {
        provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                service,
                                AttributeKey.stringKey("service.version"),
                                VERSION))))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(Duration.ofMillis(200))
                        .setMaxQueueSize(100_000)
                        .build())
                .build();
        tracer = provider.get("read-api");
        requests = Requests.start(10, this::serve);
    }

    static SdkReadApi start(String service, SpanExporter exporter) {
        return new SdkReadApi(service, exporter);
    }

    /** How long a request takes from now on: 400 ms, or 20 ms. */
    void slow(boolean now) {
        slow = now;
    }

    /** Written down as if it had just ended: the time it took is in its timestamps, nothing waits. */
    private void serve() {
        boolean hit = served++ % 20 != 0;
        Instant end = Instant.now();
        Instant begin = end.minusMillis(slow ? 400 : 20);
        Span server = tracer.spanBuilder("GET /doc")
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(begin)
                .startSpan();
        tracer.spanBuilder("RedisGET")
                .setParent(Context.root().with(server))
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(CACHE_HIT, hit)
                .setStartTimestamp(begin)
                .startSpan()
                .end(end);
        server.end(end);
        traced.merge("GET /doc {span.kind=server, status=unset}", 1, Integer::sum);
        traced.merge("RedisGET {cache.hit=" + hit + ", span.kind=client, status=unset}", 1, Integer::sum);
    }

    /** Ends the traffic, waits until the exporter has delivered all of it, and gives the number of spans by series. */
    Map<String, Integer> stop() {
        requests.close();
        assertThat(provider.forceFlush().join(2, TimeUnit.MINUTES).isSuccess()).isTrue();
        return traced;
    }

    @Override
    public void close() {
        requests.close();
        provider.close();
    }
}
