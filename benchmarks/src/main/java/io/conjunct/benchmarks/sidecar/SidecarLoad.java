// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import io.conjunct.benchmarks.Results;
import io.conjunct.benchmarks.sidecar.Load.Seen;
import io.conjunct.benchmarks.sidecar.Sender.Transport;
import io.conjunct.event.MalformedBatchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * What a span costs the sidecar: the reference mix by real OTLP through spool and a real broker, CPU time of the sidecar's
 * process from the first request until the last event is in Kafka. Medians of several runs after a warm-up of as many
 * spans. Fails unless everything sent is in the topic once. Where the Collector was built (benchmarks/peers), it gets the
 * same load right after.
 *
 * <p>Arguments: millions of spans of a run (1), runs (5), the one transport that is wanted (all; nothing is written to the
 * results then).
 */
public final class SidecarLoad {
    private static final int SPANS = 512;
    private static final int CONNECTIONS = 16;

    /** At which answers are timed: a busy service's sidecar, far from saturation. */
    private static final double CALM = 50_000;

    private static final int CALM_SECONDS = 10;

    private final long spans;
    private final int runs;
    private final SpanMix mix = new SpanMix(1, SPANS);

    private SidecarLoad(long spans, int runs) {
        this.spans = spans;
        this.runs = runs;
    }

    public static void main(String[] args)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        long millions = args.length > 0 ? Long.parseLong(args[0]) : 1;
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        SidecarLoad load = new SidecarLoad(millions * 1_000_000, runs);
        if (args.length > 2) {
            load.ours(Transport.valueOf(args[2]), new LinkedHashMap<>());
            return;
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "Reference mix, %d spans a request, %d connections; medians of %d runs of %d M spans after as many to"
                        + " warm up. CPU time is that of the process that is measured; clients and broker share the"
                        + " machine.%n%n| | spans per CPU-second | bytes per span on the broker's disk | RSS at the most,"
                        + " MiB |%n|---|---:|---:|---:|%n",
                SPANS,
                CONNECTIONS,
                runs,
                millions));
        Map<String, String> answers = new LinkedHashMap<>();
        for (Transport transport : Transport.values()) {
            text.append(load.ours(transport, answers));
        }
        if (CollectorProcess.isBuilt()) {
            for (Transport transport : Transport.values()) {
                text.append(load.peer(transport));
            }
        }
        text.append('\n').append(Scratch.table(answers));
        System.out.println(text);
        Results.update(Path.of("benchmarks", "RESULTS.md"), Map.of("Sidecar, per span", text.toString()));
    }

    private String ours(Transport transport, Map<String, String> answers)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        try (Scratch scratch = Scratch.create("sidecar");
                BrokerProcess broker =
                        BrokerProcess.start(scratch.directory().resolve("broker"), BrokerProcess.EVENTS);
                SidecarProcess sidecar = SidecarProcess.start(scratch.directory(), broker.bootstrap())) {
            Load load = new Load(mix, transport, sidecar.httpPort(), sidecar.grpcPort(), CONNECTIONS);
            long accepted = load.send(spans).accepted();
            sidecar.awaitDrained(Duration.ofMinutes(1));
            double[] perCpuSecond = new double[runs];
            for (int run = 0; run < runs; run++) {
                double cpu = sidecar.watched().cpuSeconds();
                Seen seen = load.send(spans);
                sidecar.awaitDrained(Duration.ofMinutes(1));
                perCpuSecond[run] = seen.accepted() / (sidecar.watched().cpuSeconds() - cpu);
                accepted += seen.accepted();
            }
            long bytes = broker.bytesOnDisk(BrokerProcess.EVENTS);
            double perSpan = (double) bytes / accepted;
            Seen calm = load.send((long) (CALM * CALM_SECONDS), CALM);
            accepted += calm.accepted();
            sidecar.awaitDrained(Duration.ofMinutes(1));
            sidecar.requireBalance();
            TopicCount topic = TopicCount.of(broker.bootstrap(), BrokerProcess.EVENTS);
            if (topic.events() != accepted) {
                throw new IllegalStateException(accepted + " spans accepted, " + topic.events() + " in the topic");
            }
            answers.put(
                    "answer at " + (int) (CALM / 1_000) + " k spans/s, " + transport + ", p50 / p99, ms",
                    String.format(Locale.ROOT, "%.1f / %.1f", calm.millis(0.5), calm.millis(0.99)));
            return row("Conjunct, " + transport, perCpuSecond, perSpan, sidecar.watched());
        }
    }

    private String peer(Transport transport) throws IOException, InterruptedException, ExecutionException {
        try (Scratch scratch = Scratch.create("collector");
                BrokerProcess broker =
                        BrokerProcess.start(scratch.directory().resolve("broker"), CollectorProcess.TOPIC);
                CollectorProcess collector = CollectorProcess.start(
                        scratch.directory(), broker.bootstrap(), CollectorProcess.TOPIC, false)) {
            Load load = new Load(mix, transport, collector.httpPort(), collector.grpcPort(), CONNECTIONS);
            load.send(spans);
            collector.awaitQuiet(broker);
            long before = broker.bytesOnDisk(CollectorProcess.TOPIC);
            double[] perCpuSecond = new double[runs];
            long accepted = 0;
            for (int run = 0; run < runs; run++) {
                double cpu = collector.watched().cpuSeconds();
                Seen seen = load.send(spans);
                collector.awaitQuiet(broker);
                perCpuSecond[run] = seen.accepted() / (collector.watched().cpuSeconds() - cpu);
                accepted += seen.accepted();
            }
            double perSpan = (double) (broker.bytesOnDisk(CollectorProcess.TOPIC) - before) / accepted;
            return row("OpenTelemetry Collector, " + transport, perCpuSecond, perSpan, collector.watched());
        }
    }

    private static String row(String name, double[] perCpuSecond, double perSpan, Watched watched) throws IOException {
        Arrays.sort(perCpuSecond);
        String row = String.format(
                Locale.ROOT,
                "| %s | %,.0f k | %.2f | %.0f |%n",
                name,
                perCpuSecond[perCpuSecond.length / 2] / 1e3,
                perSpan,
                watched.peakMib());
        System.out.print(row + "  runs: " + Arrays.toString(perCpuSecond) + "\n");
        return row;
    }
}
