// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import io.conjunct.ingest.batch.BatchLog;
import io.conjunct.ingest.spool.FaultPoint;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An informal look at speed and memory, without Kafka: {@code serve} runs a sidecar whose log counts and discards, and
 * tells spans per CPU-second and memory every five seconds; {@code send PORT CONNECTIONS SECONDS [gzip]} is its client.
 * The mix is that of the design: 512 spans per request, 60 % Redis, 20 % HTTP server, 20 % Postgres.
 */
final class LoadCheck {
    private static final int SPANS = 512;

    private LoadCheck() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("serve")) {
            serve();
        } else {
            send(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]), args.length > 4);
        }
    }

    private static void serve() throws Exception {
        AtomicLong bytes = new AtomicLong();
        BatchLog log = new BatchLog() {
            @Override
            public CompletionStage<Void> append(byte[] batch) {
                bytes.addAndGet(batch.length);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {}
        };
        PrometheusRegistry registry = new PrometheusRegistry();
        SidecarSettings settings = SidecarSettings.of("unused:9092", "load", Fixture.newSpool())
                .withAddress("127.0.0.1", 0, 0)
                .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(10))
                // Its client sends the same few bodies again and again.
                .withDuplicateWindow(Duration.ZERO);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Sidecar sidecar = Sidecar.start(settings, registry, log, Instant::now, FaultPoint.NONE)) {
            System.out.println("http port " + sidecar.httpPort());
            long lastEvents = 0;
            long lastCpu = system.getProcessCpuTime();
            long lastBytes = 0;
            while (System.in.available() == 0) {
                CompletableFuture.runAsync(
                                () -> {}, CompletableFuture.delayedExecutor(5, java.util.concurrent.TimeUnit.SECONDS))
                        .join();
                long events = delivered(registry);
                long cpu = system.getProcessCpuTime();
                long more = Math.max(1, events - lastEvents);
                String status = Files.readString(Path.of("/proc/self/status"));
                System.out.printf(
                        "%,d spans, %,.0f per CPU-second, %.2f bytes per span, %s%n",
                        events - lastEvents,
                        more / ((cpu - lastCpu) / 1e9),
                        (bytes.get() - lastBytes) / (double) more,
                        status.lines()
                                .filter(line -> line.startsWith("VmHWM"))
                                .findFirst()
                                .orElse(""));
                lastEvents = events;
                lastCpu = cpu;
                lastBytes = bytes.get();
            }
        }
    }

    private static long delivered(PrometheusRegistry registry) {
        return registry.scrape(name -> name.startsWith("conjunct_ingest_delivered")).stream()
                .map(io.prometheus.metrics.model.snapshots.CounterSnapshot.class::cast)
                .flatMap(counter -> counter.getDataPoints().stream())
                .mapToLong(point -> (long) point.getValue())
                .sum();
    }

    private static void send(int port, int connections, int seconds, boolean gzip) throws Exception {
        Thread[] clients = new Thread[connections];
        for (int c = 0; c < connections; c++) {
            int seed = c;
            clients[c] = new Thread(() -> {
                try {
                    sendOn(port, seed, seconds, gzip);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            clients[c].start();
        }
        for (Thread client : clients) {
            client.join();
        }
    }

    private static void sendOn(int port, int seed, int seconds, boolean gzip) throws IOException {
        byte[][] bodies = new byte[8][];
        for (int i = 0; i < bodies.length; i++) {
            byte[] plain = request(new Random(seed * 100L + i));
            bodies[i] = gzip ? Fixture.gzip(plain) : plain;
        }
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        byte[] answer = new byte[4_096];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            for (int i = 0; System.nanoTime() < end; i++) {
                byte[] body = bodies[i % bodies.length];
                String head = "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                        + (gzip ? "Content-Encoding: gzip\r\n" : "") + "Content-Length: " + body.length + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                int read = in.read(answer);
                if (read < 12 || answer[9] != '2') {
                    throw new IOException(new String(answer, 0, Math.max(0, read), StandardCharsets.US_ASCII));
                }
            }
        }
    }

    private static byte[] request(Random random) {
        Span.Builder[] spans = new Span.Builder[SPANS];
        long now = System.currentTimeMillis() - 1_000;
        for (int i = 0; i < SPANS; i++) {
            byte[] trace = new byte[16];
            byte[] id = new byte[8];
            random.nextBytes(trace);
            random.nextBytes(id);
            long end = (now - random.nextInt(5_000)) * 1_000_000L;
            Span.Builder span = Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(trace))
                    .setSpanId(ByteString.copyFrom(id))
                    .setParentSpanId(ByteString.copyFrom(id))
                    .setStartTimeUnixNano(end - (long) Math.exp(13 + random.nextGaussian()))
                    .setEndTimeUnixNano(end)
                    .setFlags(257);
            int sort = random.nextInt(10);
            if (sort < 6) {
                span.setName("GET").setKindValue(3);
                text(span, "db.system.name", "redis", "db.operation.name", "GET", "server.address", "redis.internal");
                text(
                        span,
                        "db.query.text",
                        "GET user:" + random.nextInt(1 << 30) + ":profile",
                        "network.transport",
                        "tcp");
                text(span, "network.peer.address", "10.0.0." + random.nextInt(255), "db.namespace", "0");
                span.addAttributes(number("server.port", 6379)).addAttributes(number("network.peer.port", 6379));
                span.addAttributes(number("thread.id", random.nextInt(200)));
                text(span, "thread.name", "http-nio-8080-exec-" + random.nextInt(200));
            } else if (sort < 8) {
                span.setName("GET /api/cart/{id}").setKindValue(2);
                text(span, "http.request.method", "GET", "http.route", "/api/cart/{id}", "url.scheme", "https");
                text(
                        span,
                        "url.path",
                        "/api/cart/" + random.nextInt(1 << 30),
                        "user_agent.original",
                        "Mozilla/5.0 (X11)");
                text(span, "client.address", "192.168.1." + random.nextInt(255), "network.protocol.version", "1.1");
                span.addAttributes(number("http.response.status_code", random.nextInt(50) == 0 ? 500 : 200));
                span.addAttributes(number("server.port", 443)).addAttributes(number("thread.id", random.nextInt(200)));
                text(span, "server.address", "shop.example.com");
            } else {
                span.setName("SELECT shop.orders").setKindValue(3);
                text(span, "db.system.name", "postgresql", "db.operation.name", "SELECT", "db.namespace", "shop");
                text(
                        span,
                        "db.collection.name",
                        "orders",
                        "server.address",
                        "pg.internal",
                        "db.query.summary",
                        "SELECT orders");
                text(
                        span,
                        "db.query.text",
                        "SELECT * FROM orders WHERE user_id = $1 AND state = $2 ORDER BY created_at");
                span.addAttributes(number("server.port", 5432)).addAttributes(number("thread.id", random.nextInt(200)));
                text(span, "thread.name", "pool-" + random.nextInt(20));
            }
            spans[i] = span;
        }
        return Otlp.traces(spans).toByteArray();
    }

    private static void text(Span.Builder span, String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            span.addAttributes(Otlp.attribute(pairs[i], pairs[i + 1]));
        }
    }

    private static KeyValue number(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }
}
