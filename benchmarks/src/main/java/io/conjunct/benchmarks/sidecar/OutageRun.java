// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import io.conjunct.benchmarks.Results;
import io.conjunct.event.MalformedBatchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A broker that is killed and stays away while clients go on. Fails unless clients saw only success, the topic has every
 * event exactly once, the books balance, resident memory stayed within {@value #FLAT_MIB} MiB of where it was, and the
 * spool drained at {@value #TIMES_REAL_TIME} times the rate it had filled at.
 *
 * <p>Arguments: minutes without a broker (30), spans per second (5000).
 */
public final class OutageRun {
    private static final double FLAT_MIB = 10;
    private static final double TIMES_REAL_TIME = 20;
    private static final int SPANS = 512;
    private static final int CONNECTIONS = 4;
    private static final int SECONDS_BEFORE = 60;
    private static final int SECONDS_AFTER = 30;

    private final int minutes;
    private final double rate;
    private long accepted;
    private long refused;
    private double leastMib = Double.MAX_VALUE;
    private double mostMib;

    private OutageRun(int minutes, double rate) {
        this.minutes = minutes;
        this.rate = rate;
    }

    public static void main(String[] args)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        int minutes = args.length > 0 ? Integer.parseInt(args[0]) : 30;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 5_000;
        try (Scratch scratch = Scratch.create("outage")) {
            Map<String, String> rows = new OutageRun(minutes, rate).run(scratch.directory());
            String title = String.format(Locale.ROOT, "Sidecar: broker away for %d minutes", minutes);
            Results.update(Path.of("benchmarks", "RESULTS.md"), Map.of(title, Scratch.table(rows)));
        }
    }

    private Map<String, String> run(Path directory)
            throws IOException, InterruptedException, ExecutionException, MalformedBatchException {
        Map<String, String> rows = new LinkedHashMap<>();
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"), BrokerProcess.EVENTS);
                SidecarProcess sidecar = SidecarProcess.start(directory, broker.bootstrap())) {
            Load load = new Load(
                    new SpanMix(1, SPANS), Sender.Transport.HTTP, sidecar.httpPort(), sidecar.grpcPort(), CONNECTIONS);
            count(load.send((long) (SECONDS_BEFORE * rate), rate));
            broker.goAway();
            double cpu = sidecar.watched().cpuSeconds();
            for (int minute = 0; minute < minutes; minute++) {
                Load.Seen seen = load.send((long) (60 * rate), rate);
                count(seen);
                double mib = sidecar.watched().residentMib();
                leastMib = Math.min(leastMib, mib);
                mostMib = Math.max(mostMib, mib);
                System.out.printf(
                        Locale.ROOT,
                        "minute %d: %,d spans accepted, %,d refused, answers p50 %.1f ms p99 %.1f ms, RSS %.1f MiB,"
                                + " spooled %,.0f events in %.1f MiB%n",
                        minute + 1,
                        accepted,
                        refused,
                        seen.millis(0.5),
                        seen.millis(0.99),
                        mib,
                        sidecar.metric("spooled"),
                        sidecar.metric("spool_bytes") / 1048576);
            }
            cpu = sidecar.watched().cpuSeconds() - cpu;
            double spooled = sidecar.metric("spooled");
            double bytes = sidecar.metric("spool_bytes");
            double oldest = sidecar.metric("spool_oldest_age_seconds");
            broker.comeBack();
            double seconds = drain(sidecar, load);
            sidecar.awaitDrained(Duration.ofMinutes(2));
            sidecar.requireBalance();
            TopicCount topic = TopicCount.of(broker.bootstrap(), BrokerProcess.EVENTS);
            double timesRealTime = spooled / seconds / rate;
            rows.put("spans per second", String.format(Locale.ROOT, "%,.0f", rate));
            rows.put("spans answered with success", String.format(Locale.ROOT, "%,d", accepted));
            rows.put("spans answered otherwise", String.format(Locale.ROOT, "%,d", refused));
            rows.put("events in the topic, each batch once", String.format(Locale.ROOT, "%,d", topic.events()));
            rows.put("batches that came twice", String.format(Locale.ROOT, "%,d", topic.duplicates()));
            rows.put("spooled when the broker came back", String.format(Locale.ROOT, "%,.0f", spooled));
            rows.put("spool, bytes per event", String.format(Locale.ROOT, "%.2f", bytes / spooled));
            rows.put("oldest spooled, s", String.format(Locale.ROOT, "%.0f", oldest));
            rows.put("drained in, s", String.format(Locale.ROOT, "%.1f", seconds));
            rows.put("times real time", String.format(Locale.ROOT, "%.0f", timesRealTime));
            rows.put("RSS while away, MiB", String.format(Locale.ROOT, "%.1f to %.1f", leastMib, mostMib));
            rows.put(
                    "RSS, most ever, MiB",
                    String.format(Locale.ROOT, "%.1f", sidecar.watched().peakMib()));
            rows.put("CPU while away, % of a core", String.format(Locale.ROOT, "%.2f", cpu / minutes / 60 * 100));
            System.out.println(Scratch.table(rows));
            require(refused == 0, "clients were refused");
            require(topic.events() == accepted, "accepted is not what the topic has");
            require(mostMib - leastMib <= FLAT_MIB, "resident memory was not flat");
            require(timesRealTime >= TIMES_REAL_TIME, "drained too slowly");
        }
        return rows;
    }

    private void count(Load.Seen seen) {
        accepted += seen.accepted();
        refused += seen.refused();
    }

    /** Seconds until no more than a second's worth is spooled, while clients go on. */
    private double drain(SidecarProcess sidecar, Load load)
            throws IOException, InterruptedException, ExecutionException {
        FutureTask<Double> drained = new FutureTask<>(() -> {
            long begin = System.nanoTime();
            while (sidecar.metric("spooled") > rate) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            return (System.nanoTime() - begin) / 1e9;
        });
        Thread watcher = new Thread(drained);
        watcher.setDaemon(true);
        watcher.start();
        do {
            count(load.send((long) (SECONDS_AFTER * rate), rate));
        } while (!drained.isDone());
        return drained.get();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
