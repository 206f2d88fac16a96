// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.conjunct.ingest.Sidecar;
import io.conjunct.ingest.SidecarSettings;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults B1, B2 and P4 for the sidecar: a real broker that is killed, hangs or crawls is nobody's business but ours. Clients
 * see only success, and the topic has what they sent once. Thirty minutes of it are {@code benchmarks/run outage}.
 */
final class KafkaAwayIT {
    private static final int SPANS = 50;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicLong ids = new AtomicLong(1);
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(2);

    @AfterEach
    void stopClients() {
        clients.shutdownNow();
    }

    @Test
    void brokerThatIsKilledAndComesBack_losesNothing_andNoClientNotices() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"));
                Sidecar sidecar = sidecar(broker.bootstrap())) {
            ScheduledFuture<?> load = load(sidecar);
            awaitSent(30);
            broker.kill();
            awaitSent(150);
            assertThat(sidecar.status().spoolBytes()).isPositive();
            broker.startAgain();
            awaitSent(30);
            load.cancel(false);
            requireAllOnce(sidecar, broker.bootstrap());
        }
    }

    @Test
    void brokerThatHangsAndThenCrawls_losesNothing_andNoClientNotices() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"));
                Sidecar sidecar = sidecar(broker.bootstrap())) {
            ScheduledFuture<?> load = load(sidecar);
            awaitSent(30);
            broker.signal("STOP");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> sidecar.notReady().isPresent());
            // Longer than the producer waits for an answer, so it gives up its connection.
            awaitSent(300);
            AtomicInteger turn = new AtomicInteger();
            ScheduledFuture<?> crawl = clients.scheduleAtFixedRate(
                    () -> broker.signal(turn.getAndIncrement() % 5 == 0 ? "CONT" : "STOP"),
                    0,
                    100,
                    TimeUnit.MILLISECONDS);
            awaitSent(100);
            crawl.cancel(false);
            await().until(crawl::isDone);
            broker.signal("CONT");
            awaitSent(30);
            load.cancel(false);
            requireAllOnce(sidecar, broker.bootstrap());
        }
    }

    private Sidecar sidecar(String bootstrap) {
        return Sidecar.start(
                SidecarSettings.of(bootstrap, "sidecar-1", directory.resolve("spool"))
                        .withAddress("127.0.0.1", 0, 0),
                registry);
    }

    private ScheduledFuture<?> load(Sidecar sidecar) {
        URI uri = URI.create("http://127.0.0.1:" + sidecar.httpPort() + "/v1/traces");
        return clients.scheduleAtFixedRate(() -> send(uri), 0, 40, TimeUnit.MILLISECONDS);
    }

    private void send(URI uri) {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(request()))
                    .build();
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            (status == 200 ? sent : refused).incrementAndGet();
        } catch (IOException e) {
            refused.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] request() {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        long now = System.currentTimeMillis() * 1_000_000;
        for (int i = 0; i < SPANS; i++) {
            ByteString id = ByteString.copyFromUtf8(String.format("%016d", ids.getAndIncrement()));
            scope.addSpans(Span.newBuilder()
                    .setTraceId(id)
                    .setSpanId(id.substring(8))
                    .setName("GET /cart")
                    .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                    .setStartTimeUnixNano(now - 1_000_000)
                    .setEndTimeUnixNano(now));
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
                .build()
                .toByteArray();
    }

    private void awaitSent(int more) {
        int until = sent.get() + more;
        await().atMost(Duration.ofMinutes(2)).until(() -> sent.get() + refused.get() >= until);
    }

    private String books() {
        return registry.scrape().stream()
                .filter(CounterSnapshot.class::isInstance)
                .map(CounterSnapshot.class::cast)
                .flatMap(counter -> counter.getDataPoints().stream()
                        .map(point -> counter.getMetadata().getName() + point.getLabels() + " " + point.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private void requireAllOnce(Sidecar sidecar, String bootstrap) throws IOException {
        Log log = new Log(bootstrap);
        await().atMost(Duration.ofMinutes(3))
                .until(() -> sidecar.status().oldestSpooled().isZero());
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    assertThat(refused).hasValue(0);
                    int all = log.counts("unknown_service").values().stream()
                            .mapToInt(Integer::intValue)
                            .sum();
                    assertThat(all).as(this::books).isEqualTo(sent.get() * SPANS);
                });
    }
}
