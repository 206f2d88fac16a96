// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server on the loopback that answers by a rule of the provider's, unless a {@link Fault} is next in its timeline.
 * Keeps a journal, in memory and, when told where, as JSON lines on disk, each line flushed before the answer goes out.
 * Takes bodies of at most {@value #MAX_BODY} bytes and keeps {@value #MAX_JOURNAL} exchanges; more is a fault of the test.
 */
final class FakeProvider implements AutoCloseable {
    static {
        // The JDK's server sends head and body apart; without this, each answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final int MAX_BODY = 2_000_000;
    private static final int MAX_JOURNAL = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the provider would answer. Called by one thread at a time. */
    interface Rule {
        Fault.Answer answer(String method, String path, Map<String, String> headers, String body);
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Rule rule;
    private final InstantSource clock;
    private final Optional<Path> file;
    private final Deque<Fault> timeline = new ArrayDeque<>();
    private final List<Exchange> journal = new ArrayList<>();
    private volatile CountDownLatch release = new CountDownLatch(1);

    FakeProvider(int port, Optional<Path> file, InstantSource clock, Rule rule) {
        this.rule = rule;
        this.clock = clock;
        this.file = file;
        threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "fake-provider");
            thread.setDaemon(true);
            return thread;
        });
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Appends to the timeline: one fault per request, in order. */
    synchronized void script(Fault fault, int times) {
        timeline.addAll(Collections.nCopies(times, fault));
    }

    /** Ends all hangs and clears the timeline. */
    void release() {
        synchronized (this) {
            timeline.clear();
        }
        release.countDown();
        release = new CountDownLatch(1);
    }

    synchronized List<Exchange> journal() {
        return List.copyOf(journal);
    }

    private void handle(HttpExchange http) throws IOException {
        byte[] bytes = http.getRequestBody().readNBytes(MAX_BODY);
        String body = new String(bytes, StandardCharsets.UTF_8);
        Map<String, String> headers = new TreeMap<>();
        http.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        CountDownLatch hang = release;
        Fault fault;
        synchronized (this) {
            Fault next = timeline.pollFirst();
            fault = next == null ? new Fault.None() : next;
            String path = http.getRequestURI().toString();
            String method = http.getRequestMethod();
            if (fault instanceof Fault.None || fault instanceof Fault.Lost || fault instanceof Fault.Silent) {
                Fault.Answer answer = rule.answer(method, path, headers, body);
                boolean lost = !(fault instanceof Fault.None);
                note(new Exchange(
                        clock.instant(), method, path, headers, body, lost ? 0 : answer.status(), answer.body()));
                fault = lost ? fault : answer;
            } else {
                int status = fault instanceof Fault.Answer answer ? answer.status() : 0;
                note(new Exchange(clock.instant(), method, path, headers, body, status, ""));
            }
        }
        answer(http, fault, hang);
    }

    private static void answer(HttpExchange http, Fault fault, CountDownLatch hang) throws IOException {
        try (http) {
            if (fault instanceof Fault.Answer answer) {
                answer.headers().forEach(http.getResponseHeaders()::add);
                byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                http.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
                if (bytes.length > 0) {
                    http.getResponseBody().write(bytes);
                }
            } else if (fault instanceof Fault.Raw raw) {
                raw.headers().forEach(http.getResponseHeaders()::add);
                http.sendResponseHeaders(raw.status(), raw.body().length);
                http.getResponseBody().write(raw.body());
            } else if (fault instanceof Fault.Endless) {
                http.sendResponseHeaders(200, 0);
                byte[] chunk = new byte[8_192];
                OutputStream out = http.getResponseBody();
                for (int i = 0; i < 1_000_000; i++) {
                    out.write(chunk);
                }
            } else if (fault instanceof Fault.Hang || fault instanceof Fault.Silent) {
                hang.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Exchange exchange) {
        if (journal.size() == MAX_JOURNAL) {
            throw new IllegalStateException("more than " + MAX_JOURNAL + " requests");
        }
        journal.add(exchange);
        if (file.isEmpty()) {
            return;
        }
        ObjectNode line = JSON.createObjectNode();
        line.put("at", exchange.at().toString());
        line.put("method", exchange.method());
        line.put("path", exchange.path());
        line.put("body", exchange.body());
        line.put("status", exchange.status());
        line.put("answer", exchange.answer());
        try {
            Files.writeString(file.get(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
