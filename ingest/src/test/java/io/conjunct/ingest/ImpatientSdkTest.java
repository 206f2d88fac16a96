// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Why a client is answered from disk: the Java SDK keeps 2,048 spans and tries five times. A backend that refuses for ten
 * seconds costs it about a quarter of its spans; a Kafka that is away for as long, behind the spool, none.
 */
class ImpatientSdkTest {
    private static final int PER_SECOND = 500;
    private static final int OUTAGE_SECONDS = 10;

    @Test
    void kafkaAwayForTenSeconds_costsTheSdkNothing() {
        try (Fixture fixture = Fixture.onRealClock()) {
            int ended = export(
                    "http://127.0.0.1:" + fixture.sidecar.httpPort(),
                    () -> fixture.log.fail(true),
                    () -> fixture.log.fail(false));
            await().untilAsserted(() -> assertThat(fixture.log.events()).isEqualTo(ended));
            assertThat(fixture.metric("requests", "ok")).isEqualTo(fixture.metric("requests"));
        }
    }

    /** The same without us; were the SDK patient, the spool would have to justify itself anew. */
    @Test
    @Tag("soak")
    void backendThatRefusesForTenSeconds_costsTheSdkAFifthOfItsSpansAndMore() throws Exception {
        AtomicBoolean refuses = new AtomicBoolean();
        AtomicInteger received = new AtomicInteger();
        HttpServer backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        backend.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!refuses.get()) {
                received.addAndGet(ExportTraceServiceRequest.parseFrom(body)
                        .getResourceSpans(0)
                        .getScopeSpans(0)
                        .getSpansCount());
            }
            exchange.sendResponseHeaders(refuses.get() ? 503 : 200, -1);
            exchange.close();
        });
        backend.start();
        int ended = export(
                "http://127.0.0.1:" + backend.getAddress().getPort(),
                () -> refuses.set(true),
                () -> refuses.set(false));
        backend.stop(0);
        double lost = 1 - received.get() / (double) ended;
        System.out.printf(
                "a backend that refused for %d s cost %.0f %% of %d spans%n", OUTAGE_SECONDS, lost * 100, ended);
        assertThat(lost).isGreaterThan(0.2);
    }

    /** Two seconds well, the outage, a few seconds well again; returns how many spans ended. */
    private static int export(String endpoint, Runnable away, Runnable back) {
        AtomicInteger ended = new AtomicInteger();
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint + "/v1/traces")
                .build();
        ScheduledExecutorService service = Executors.newScheduledThreadPool(1);
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(Duration.ofMillis(500))
                        .build())
                .build()) {
            var unused = service.scheduleAtFixedRate(
                    () -> {
                        provider.get("test")
                                .spanBuilder("GET /cart")
                                .setSpanKind(SpanKind.SERVER)
                                .startSpan()
                                .end();
                        ended.incrementAndGet();
                    },
                    0,
                    1_000_000 / PER_SECOND,
                    TimeUnit.MICROSECONDS);
            awaitSpans(ended, 2 * PER_SECOND);
            away.run();
            awaitSpans(ended, (2 + OUTAGE_SECONDS) * PER_SECOND);
            back.run();
            awaitSpans(ended, (4 + OUTAGE_SECONDS) * PER_SECOND);
            service.shutdown();
            await().until(service::isTerminated);
            provider.forceFlush().join(30, TimeUnit.SECONDS);
        }
        return ended.get();
    }

    private static void awaitSpans(AtomicInteger ended, int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> ended.get() >= count);
    }
}
