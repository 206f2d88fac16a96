// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import io.conjunct.cli.demo.Workload.Request;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The service of the demonstration, a process of its own: a read API that knows nothing of Conjunct and sends its spans
 * with the OpenTelemetry SDK and its stock OTLP exporter, as any service would. Serves {@value #PER_SECOND} invented
 * requests a second: a server span {@code GET /doc}, in it a client span {@code RedisGET} with {@code cache.hit}, and
 * after a miss a client span {@code DocDB find}.
 *
 * <p>Each line on stdin names the {@link Mode} from now on; the end of stdin ends the process, so it never outlives its
 * parent.
 */
public final class ReadApi {
    static final int PER_SECOND = 80;
    private static final int PER_ROUND = 2;
    private static final AttributeKey<Boolean> CACHE_HIT = AttributeKey.booleanKey("cache.hit");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");

    private final Tracer tracer;
    private final Workload workload = new Workload(1);
    private volatile Mode mode = Mode.HEALTHY;

    private ReadApi(Tracer tracer) {
        this.tracer = tracer;
    }

    /** The only argument is the OTLP/gRPC endpoint, such as {@code http://127.0.0.1:4317}. */
    public static void main(String[] arguments) throws IOException {
        OtlpGrpcSpanExporter exporter =
                OtlpGrpcSpanExporter.builder().setEndpoint(arguments[0]).build();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "read-api"))))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(Duration.ofMillis(200))
                        .build())
                .build()) {
            new ReadApi(provider.get("read-api")).serve();
        }
    }

    private void serve() throws IOException {
        ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();
        long period = TimeUnit.SECONDS.toNanos(PER_ROUND) / PER_SECOND;
        Future<?> unused = rounds.scheduleAtFixedRate(this::round, 0, period, TimeUnit.NANOSECONDS);
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                mode = Mode.valueOf(line.strip().toUpperCase(Locale.ROOT));
            }
        } finally {
            rounds.shutdownNow();
        }
    }

    private void round() {
        for (int i = 0; i < PER_ROUND; i++) {
            serve(workload.next(mode), Instant.now());
        }
    }

    /** Written down as if it had just ended: the time it took is in its timestamps, nothing waits. */
    private void serve(Request request, Instant end) {
        Instant begin = end.minus(nanos(request.totalMillis()));
        Span server = tracer.spanBuilder("GET /doc")
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(ROUTE, "/doc")
                .setStartTimestamp(begin)
                .startSpan();
        Context inside = Context.root().with(server);
        Instant cacheBegin = begin.plusMillis(1);
        Instant cacheEnd = cacheBegin.plus(nanos(request.cacheMillis()));
        tracer.spanBuilder("RedisGET")
                .setParent(inside)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(CACHE_HIT, request.hit())
                .setStartTimestamp(cacheBegin)
                .startSpan()
                .end(cacheEnd);
        if (!request.hit()) {
            tracer.spanBuilder("DocDB find")
                    .setParent(inside)
                    .setSpanKind(SpanKind.CLIENT)
                    .setStartTimestamp(cacheEnd)
                    .startSpan()
                    .end(cacheEnd.plus(nanos(request.databaseMillis())));
        }
        server.end(end);
    }

    private static Duration nanos(double millis) {
        return Duration.ofNanos((long) (millis * 1e6));
    }
}
