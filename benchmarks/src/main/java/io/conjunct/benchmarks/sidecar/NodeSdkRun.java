// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import com.sun.net.httpserver.HttpServer;
import io.conjunct.benchmarks.Results;
import io.conjunct.event.MalformedBatchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * What ten seconds of trouble cost the OpenTelemetry SDK for Node: at a backend that refuses for as long, and through the
 * sidecar while its broker is away. Fails when the sidecar lost a span. Needs Node and npm; {@code benchmarks/run node}
 * installs the SDK.
 */
public final class NodeSdkRun {
    private static final Path PROGRAM = Path.of("benchmarks", "target", "peers", "node", "send.mjs");
    private static final Pattern SPAN = Pattern.compile("\"spanId\"");

    private NodeSdkRun() {}

    public static void main(String[] args)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        Map<String, String> rows = new LinkedHashMap<>();
        int[] direct = refused();
        rows.put("spans ended, backend refuses for 10 s", Integer.toString(direct[0]));
        rows.put("lost there", percent(direct[0] - direct[1], direct[0]));
        try (Scratch scratch = Scratch.create("node")) {
            int[] spooled = spooled(scratch.directory());
            rows.put("spans ended, through the sidecar, broker away for 10 s", Integer.toString(spooled[0]));
            rows.put("lost through the sidecar", percent(spooled[0] - spooled[1], spooled[0]));
            System.out.println(Scratch.table(rows));
            if (spooled[0] != spooled[1]) {
                throw new IllegalStateException(spooled[0] + " spans ended, " + spooled[1] + " in the topic");
            }
        }
        Results.update(
                Path.of("benchmarks", "RESULTS.md"), Map.of("Node SDK: ten seconds of trouble", Scratch.table(rows)));
    }

    private static String percent(int lost, int of) {
        return String.format(Locale.ROOT, "%d (%.0f %%)", lost, 100.0 * lost / of);
    }

    /** Spans ended, spans received. */
    private static int[] refused() throws IOException, InterruptedException {
        AtomicBoolean refuses = new AtomicBoolean();
        AtomicInteger received = new AtomicInteger();
        HttpServer backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        backend.createContext("/v1/traces", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!refuses.get()) {
                received.addAndGet((int) SPAN.matcher(body).results().count());
            }
            exchange.sendResponseHeaders(refuses.get() ? 503 : 200, -1);
            exchange.close();
        });
        backend.start();
        try {
            int ended = send(backend.getAddress().getPort(), () -> refuses.set(true), () -> refuses.set(false));
            return new int[] {ended, received.get()};
        } finally {
            backend.stop(0);
        }
    }

    /** Spans ended, events in the topic. */
    private static int[] spooled(Path directory)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"), BrokerProcess.EVENTS);
                SidecarProcess sidecar = SidecarProcess.start(directory, broker.bootstrap())) {
            int ended = send(sidecar.httpPort(), broker::goAway, broker::comeBack);
            sidecar.awaitDrained(Duration.ofMinutes(2));
            sidecar.requireBalance();
            return new int[] {
                ended,
                (int) TopicCount.of(broker.bootstrap(), BrokerProcess.EVENTS).events()
            };
        }
    }

    private interface Trouble {
        void make() throws IOException, InterruptedException;
    }

    private static int send(int port, Trouble away, Trouble back) throws IOException, InterruptedException {
        if (!Files.exists(PROGRAM.resolveSibling("node_modules"))) {
            throw new IOException(PROGRAM.getParent() + " has no SDK; run benchmarks/run node");
        }
        Process node = new ProcessBuilder("node", PROGRAM.toString(), "http://127.0.0.1:" + port)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = node.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.equals("away")) {
                    away.make();
                } else if (line.equals("back")) {
                    back.make();
                } else if (line.startsWith("ended ")) {
                    return Integer.parseInt(line.substring("ended ".length()));
                }
            }
        } finally {
            node.destroy();
        }
        throw new IOException("the program ended without a word");
    }
}
