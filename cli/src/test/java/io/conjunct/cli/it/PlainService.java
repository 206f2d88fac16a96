// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of its own that knows nothing of telemetry: an HTTP server of the JDK, and an HTTP client of the JDK that asks
 * it for {@code /doc} 40 times a second. After the line {@code fail} on stdin every second answer is a 500 and all are
 * slow; {@code heal} ends that. At the end of stdin it finishes what is under way, prints {@code 200=N} and
 * {@code 500=N}, the answers its client has received, and exits.
 */
final class PlainService {
    private static final int PER_SECOND = 40;
    private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(350);

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger good = new AtomicInteger();
    private final AtomicInteger bad = new AtomicInteger();
    private final ExecutorService workers = Executors.newFixedThreadPool(64);
    private volatile boolean failing;

    private PlainService() {}

    public static void main(String[] arguments) throws Exception {
        new PlainService().run();
    }

    private void run() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.createContext("/doc", this::answer);
        server.setExecutor(workers);
        server.start();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/doc"))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        AtomicInteger answered = new AtomicInteger();
        ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();
        var every = rounds.scheduleAtFixedRate(
                () -> {
                    asked.incrementAndGet();
                    var unused = client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                            .whenComplete((response, failure) -> {
                                if (failure == null) {
                                    (response.statusCode() == 200 ? good : bad).incrementAndGet();
                                }
                                answered.incrementAndGet();
                            });
                },
                0,
                1_000_000 / PER_SECOND,
                TimeUnit.MICROSECONDS);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                failing = line.equals("fail");
            }
        }
        every.cancel(false);
        rounds.shutdown();
        if (!rounds.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a round does not end");
        }
        while (answered.get() < asked.get()) {
            LockSupport.parkNanos(FAST_NANOS);
        }
        System.out.println("200=" + good);
        System.out.println("500=" + bad);
        server.stop(0);
        workers.shutdown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean troubled = failing;
            LockSupport.parkNanos(troubled ? SLOW_NANOS : FAST_NANOS);
            exchange.sendResponseHeaders(troubled && asked.get() % 2 == 0 ? 500 : 200, -1);
        }
    }
}
