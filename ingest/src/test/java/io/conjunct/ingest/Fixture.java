// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A running sidecar on free ports with a log in memory and a clock that stands still until moved. */
final class Fixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    final MemoryLog log = new MemoryLog();
    final PrometheusRegistry registry = new PrometheusRegistry();
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    final FakeDisk disk = new FakeDisk();
    volatile Instant now = NOW;

    /** Makes every request fail as a defect of ours would. */
    volatile boolean defect;

    final Path spool;
    final Sidecar sidecar;

    Fixture() {
        this(settings());
    }

    Fixture(SidecarSettings settings) {
        this(settings, null);
    }

    /** A fixture whose clock is the real one, for clients that bring their own time. */
    static Fixture onRealClock() {
        return new Fixture(settings(), Instant::now);
    }

    private Fixture(SidecarSettings settings, @Nullable InstantSource clock) {
        spool = settings.spool().directory();
        sidecar = Sidecar.start(settings, registry, log, clock == null ? this::now : clock, disk);
        log.settledWhen(() -> metric("spooled") == 0);
    }

    private Instant now() {
        String thread = Thread.currentThread().getName();
        if (defect && (thread.contains("-http-") || thread.contains("-grpc-"))) {
            throw new IllegalStateException("a defect of ours");
        }
        return now;
    }

    /** A directory for a spool; deleted with the fixture. */
    static Path newSpool() {
        try {
            return Files.createTempDirectory("conjunct-spool");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SidecarSettings settings() {
        return SidecarSettings.of("unused:9092", "sidecar-1", newSpool())
                .withAddress("127.0.0.1", 0, 0)
                .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(10))
                .withLimits(Duration.ofSeconds(10), 1024 * 1024, 256 * 1024, 4 * 1024 * 1024)
                // Tests like to send the same again.
                .withDuplicateWindow(Duration.ZERO);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + sidecar.httpPort() + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    }

    HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body) {
        return send(request(path)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    HttpResponse<byte[]> postProtobuf(String path, byte[] body) {
        return post(path, "application/x-protobuf", body);
    }

    HttpResponse<byte[]> postJson(String path, String body) {
        return post(path, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Sum of all series of a metric whose label values contain all of these. */
    double metric(String name, String... labelValues) {
        double sum = 0;
        for (MetricSnapshot snapshot : registry.scrape()) {
            String full = snapshot.getMetadata().getName();
            if (snapshot instanceof CounterSnapshot counter && ("conjunct_ingest_" + name).equals(full)) {
                for (CounterSnapshot.CounterDataPointSnapshot point : counter.getDataPoints()) {
                    sum += has(point.getLabels(), labelValues) ? point.getValue() : 0;
                }
            } else if (snapshot instanceof GaugeSnapshot gauge && ("conjunct_ingest_" + name).equals(full)) {
                for (GaugeSnapshot.GaugeDataPointSnapshot point : gauge.getDataPoints()) {
                    sum += has(point.getLabels(), labelValues) ? point.getValue() : 0;
                }
            }
        }
        return sum;
    }

    private static boolean has(io.prometheus.metrics.model.snapshots.Labels labels, String... values) {
        for (String value : values) {
            if (labels.stream().noneMatch(label -> label.getValue().equals(value))) {
                return false;
            }
        }
        return true;
    }

    /** What has to hold whenever nothing is under way. */
    void assertIdentities() {
        assertThat(metric("received")).isEqualTo(metric("accepted") + metric("rejected"));
        assertThat(metric("accepted") + metric("recovered"))
                .isEqualTo(metric("delivered") + metric("spooled") + metric("dropped"));
    }

    @Override
    public void close() {
        await().untilAsserted(() -> assertThat(metric("request_bytes")).isZero());
        sidecar.close();
        assertIdentities();
        delete(spool);
    }
}
