// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import com.google.protobuf.ByteString;
import io.conjunct.benchmarks.Results;
import io.conjunct.benchmarks.sidecar.Sender.Transport;
import io.conjunct.event.MalformedBatchException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a sidecar weighs: how long it takes until both ports are open, and the most memory it ever has while it is sent a
 * million spans by each transport over sixteen connections, bodies of 64 MiB, bombs, long gRPC messages from clients that
 * send again what was refused for now, and a flood of a million spans with five attributes that are never the same. Fails
 * unless it stays below {@value #LIMIT_MIB} MiB, answers every one of them, and has every accepted event in the topic once.
 */
public final class WeightRun {
    private static final double LIMIT_MIB = 128;
    private static final int STARTS = 10;
    private static final int SPANS = 512;
    private static final int CONNECTIONS = 16;
    private static final long MILLION = 1_000_000;
    private static final int LARGE = 64 << 20;
    private static final int LARGE_CLIENTS = 4;

    /** As many as make 3.4 MiB. */
    private static final int LONG_SPANS = 8_000;

    private static final int LONG_MESSAGES = 64;

    /** Sooner than any SDK would. */
    private static final int BETWEEN_TRIES_MILLIS = 100;

    private static final int TRIES = 50;
    private static final List<String> FLOODED =
            List.of("http.route", "http.request.method", "server.address", "db.namespace", "db.collection.name");

    private final Map<String, String> rows = new LinkedHashMap<>();
    private final AtomicLong accepted = new AtomicLong();

    private WeightRun() {}

    public static void main(String[] args)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        WeightRun run = new WeightRun();
        run.starts();
        run.memory();
        System.out.println(Scratch.table(run.rows));
        Results.update(
                Path.of("benchmarks", "RESULTS.md"), Map.of("Sidecar: start and memory", Scratch.table(run.rows)));
    }

    /** In turns, so that a loud minute of the machine is one of all of them. */
    private void starts() throws IOException, InterruptedException {
        SidecarProcess.Rules[] all = SidecarProcess.Rules.values();
        double[][] millis = new double[all.length][STARTS];
        double[][] cpu = new double[all.length][STARTS];
        try (Scratch scratch = Scratch.create("start")) {
            for (SidecarProcess.Rules rules : all) {
                // The first start of a build writes the archive, the first with these rules what it made of them.
                start(scratch, rules).close();
            }
            for (int i = 0; i < STARTS; i++) {
                for (SidecarProcess.Rules rules : all) {
                    try (SidecarProcess sidecar = start(scratch, rules)) {
                        millis[rules.ordinal()][i] = sidecar.startTime().toNanos() / 1e6;
                        cpu[rules.ordinal()][i] = sidecar.watched().cpuSeconds() * 1e3;
                    }
                }
            }
        }
        for (SidecarProcess.Rules rules : all) {
            row("ports open " + rules.words + ", ms, median of " + STARTS + " starts", millis[rules.ordinal()]);
            row("CPU until then, " + rules.words + ", ms", cpu[rules.ordinal()]);
        }
    }

    private static SidecarProcess start(Scratch scratch, SidecarProcess.Rules rules)
            throws IOException, InterruptedException {
        Path place = Files.createDirectories(scratch.directory().resolve(rules.name()));
        return SidecarProcess.start(place, "127.0.0.1:1", rules);
    }

    /** The median of these. */
    private void row(String name, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        row(name, "%.0f", sorted[sorted.length / 2]);
    }

    private void memory() throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        try (Scratch scratch = Scratch.create("weight");
                BrokerProcess broker =
                        BrokerProcess.start(scratch.directory().resolve("broker"), BrokerProcess.EVENTS);
                SidecarProcess sidecar = SidecarProcess.start(scratch.directory(), broker.bootstrap())) {
            Watched watched = sidecar.watched();
            row("RSS after the start, MiB", "%.1f", watched.residentMib());
            SpanMix mix = new SpanMix(1, SPANS);
            for (Transport transport : Transport.values()) {
                Load load = new Load(mix, transport, sidecar.httpPort(), sidecar.grpcPort(), CONNECTIONS);
                accepted.addAndGet(load.send(MILLION).accepted());
                row("RSS at the most, after a million spans by " + transport + ", MiB", "%.1f", watched.peakMib());
            }
            large(sidecar);
            row("RSS at the most, after large bodies and bombs, MiB", "%.1f", watched.peakMib());
            sidecar.awaitDrained(Duration.ofMinutes(1));
            double before = watched.residentMib();
            flood(sidecar);
            row("RSS more after a flood of five attributes, MiB", "%.1f", watched.residentMib() - before);
            row("RSS at the most, MiB", "%.1f", watched.peakMib());
            sidecar.awaitDrained(Duration.ofMinutes(1));
            sidecar.requireBalance();
            TopicCount topic = TopicCount.of(broker.bootstrap(), BrokerProcess.EVENTS);
            row("spans accepted", "%,.0f", accepted.get());
            row("events in the topic, each batch once", "%,.0f", topic.events());
            row("folded values", "%,.0f", sidecar.metric("folded_total"));
            System.out.println(Scratch.table(rows));
            require(topic.events() == accepted.get(), "accepted is not what the topic has");
            require(watched.peakMib() <= LIMIT_MIB, "more than " + LIMIT_MIB + " MiB");
        }
    }

    /** Each is answered: taken, or refused with the status that says why. */
    private void large(SidecarProcess sidecar) throws IOException, InterruptedException, ExecutionException {
        SpanMix mix = new SpanMix(2, 2_048);
        Map<String, Integer> answers = new TreeMap<>();
        byte[] bomb = Sender.Http.zip(new byte[LARGE]);
        for (boolean gzip : new boolean[] {false, true, false, true}) {
            try (Sender.Http http = new Sender.Http(sidecar.httpPort(), gzip)) {
                Large large = Large.of(mix);
                int status = http.status(gzip ? Sender.Http.zip(large.body()) : large.body());
                require(status == 200, "a body of 64 MiB was answered " + status);
                accepted.addAndGet(large.spans());
                answers.merge("HTTP, 64 MiB" + (gzip ? ", gzip" : "") + ": 200", 1, Integer::sum);
            }
        }
        for (int i = 0; i < 8; i++) {
            try (Sender.Http bombs = new Sender.Http(sidecar.httpPort(), true)) {
                answers.merge("HTTP, 64 MiB in 64 KiB of gzip: " + bombs.status(bomb), 1, Integer::sum);
            }
            try (Sender.Grpc bombs = new Sender.Grpc(sidecar.grpcPort(), true)) {
                answers.merge(
                        "gRPC, 64 MiB in 64 KiB of gzip: "
                                + bombs.status(new byte[LARGE]).getCode(),
                        1,
                        Integer::sum);
            }
        }
        Load load = new Load(mix, Transport.GRPC, sidecar.httpPort(), sidecar.grpcPort(), CONNECTIONS);
        Load.Seen seen = load.send(200_000);
        accepted.addAndGet(seen.accepted());
        answers.merge("gRPC, 0.9 MiB over 16 connections: spans accepted", (int) seen.accepted(), Integer::sum);
        answers.merge("gRPC, 0.9 MiB over 16 connections: spans refused", (int) seen.refused(), Integer::sum);
        answers.forEach((what, count) -> row(what, "%,.0f", count));
        // More than one client may have on disk.
        insist("HTTP, 64 MiB,", LARGE_CLIENTS, LARGE_CLIENTS, () -> {
            Large large = Large.of(mix);
            int again = untilTaken(sidecar, Transport.HTTP, large.body());
            accepted.addAndGet(large.spans());
            return again;
        });
        SpanMix longest = new SpanMix(3, LONG_SPANS);
        insist("gRPC, 3.4 MiB,", CONNECTIONS, LONG_MESSAGES, () -> {
            int again = untilTaken(sidecar, Transport.GRPC, longest.next(System.currentTimeMillis()));
            accepted.addAndGet(LONG_SPANS);
            return again;
        });
    }

    /** Requests from so many clients at a time; each is sent until it is taken, as SDKs do, only sooner. */
    private void insist(String what, int clients, int requests, Callable<Integer> request)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        try {
            int again = 0;
            for (Future<Integer> taken : pool.invokeAll(Collections.nCopies(requests, request))) {
                again += taken.get();
            }
            row(what + " by " + clients + " clients at a time: taken", "%,.0f", requests);
            row(what + " by " + clients + " clients at a time: told to come again", "%,.0f", again);
        } finally {
            pool.shutdownNow();
        }
    }

    /** How often it was refused. */
    private static int untilTaken(SidecarProcess sidecar, Transport transport, byte[] request)
            throws IOException, InterruptedException {
        for (int again = 0; again < TRIES; again++) {
            try (Sender sender = transport.connect(sidecar.httpPort(), sidecar.grpcPort())) {
                if (sender.send(request)) {
                    return again;
                }
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
        }
        throw new IllegalStateException("a request was refused " + TRIES + " times");
    }

    /** A request of 64 MiB. */
    private record Large(byte[] body, long spans) {
        /** Protobuf messages of one type can be joined. */
        static Large of(SpanMix mix) {
            byte[] large = new byte[LARGE];
            int at = 0;
            int requests = 0;
            byte[] next = mix.next(System.currentTimeMillis());
            while (at + next.length <= LARGE) {
                System.arraycopy(next, 0, large, at, next.length);
                at += next.length;
                requests++;
                next = mix.next(System.currentTimeMillis());
            }
            return new Large(Arrays.copyOf(large, at), (long) requests * mix.spans());
        }
    }

    private void flood(SidecarProcess sidecar) throws IOException {
        Random random = new Random(3);
        Span template = server(random);
        try (Sender.Http http = new Sender.Http(sidecar.httpPort(), false)) {
            for (long sent = 0; sent < MILLION; sent += SPANS) {
                ScopeSpans.Builder scope = ScopeSpans.newBuilder();
                long now = System.currentTimeMillis() * 1_000_000;
                for (int i = 0; i < SPANS; i++) {
                    Span.Builder span = template.toBuilder()
                            .setStartTimeUnixNano(now - 5_000_000)
                            .setEndTimeUnixNano(now);
                    for (String key : FLOODED) {
                        span.addAttributes(
                                SpanMix.text(key, new UUID(random.nextLong(), random.nextLong()).toString()));
                    }
                    scope.addSpans(span);
                }
                ExportTraceServiceRequest request = ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
                        .build();
                require(http.send(request.toByteArray()), "the flood was refused");
                accepted.addAndGet(SPANS);
            }
        }
    }

    /** A server span that a flood can start from. */
    private static Span server(Random random) {
        byte[] trace = new byte[16];
        random.nextBytes(trace);
        return Span.newBuilder()
                .setTraceId(ByteString.copyFrom(trace))
                .setSpanId(ByteString.copyFrom(trace, 0, 8))
                .setName("GET /flood")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .build();
    }

    private void row(String what, String format, double value) {
        rows.put(what, String.format(Locale.ROOT, format, value));
        System.out.println(what + ": " + rows.get(what));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
