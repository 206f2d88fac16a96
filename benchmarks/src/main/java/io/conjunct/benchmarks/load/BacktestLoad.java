// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import io.conjunct.backtest.Backtest;
import io.conjunct.backtest.BacktestReport;
import io.conjunct.backtest.JsonReport;
import io.conjunct.backtest.Progress;
import io.conjunct.benchmarks.Results;
import io.conjunct.benchmarks.Workload;
import io.conjunct.engine.EngineSettings;
import io.conjunct.event.EventBatchReader;
import io.conjunct.history.History;
import io.conjunct.history.HistoryWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a backtest costs: a recording of 1,000 events a second of 50 services with 20 series each, every batch one export of
 * one of them, replayed through ten rule groups and all their rivals at the default tick. CPU time of the whole process after a warm-up, garbage collection included, and the elapsed
 * time beside it. The run fails unless every event was measured and one and two threads give the same report.
 *
 * <p>Arguments: hours of event time (12), events per batch (500: what a busy SDK sends at once).
 * From {@value #MONTH_HOURS} hours on there is one run only, on two threads.
 */
public final class BacktestLoad {
    private static final int PER_SECOND = 1_000;
    private static final int MONTH_HOURS = 30 * 24;
    private static final long MONTH_EVENTS = MONTH_HOURS * 3600L * PER_SECOND;

    private BacktestLoad() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int hours = args.length > 0 ? Integer.parseInt(args[0]) : 12;
        int perBatch = args.length > 1 ? Integer.parseInt(args[1]) : 500;
        Path file = Files.createTempFile("conjunct-load", ".events");
        try {
            long events = write(file, hours, perBatch);
            StringBuilder report = new StringBuilder(String.format(
                    Locale.ROOT,
                    "%d h of %,d events/s in batches of %d (%,d events, %.1f bytes each), 10 rules with their 40 rivals,"
                            + " tick %d s, report included.%n%n| | CPU ns/event | events per second and core |"
                            + " elapsed s | 30 days of this rate |%n|---|---:|---:|---:|---:|%n",
                    hours,
                    PER_SECOND,
                    perBatch,
                    events,
                    Files.size(file) / (double) events,
                    EngineSettings.DEFAULT_TICK.toSeconds()));
            boolean month = hours >= MONTH_HOURS;
            if (!month) {
                // A month compiles once; twelve hours should not pay for it.
                run(file, 1, events, new StringBuilder());
                report.append(decode(file, events));
            }
            String first = "";
            for (int threads = month ? 2 : 1; threads <= 2; threads++) {
                String json = run(file, threads, events, report);
                if (!first.isEmpty() && !json.equals(first)) {
                    throw new IllegalStateException("one and two threads give different reports");
                }
                first = json;
            }
            if (!month) {
                report.append(
                        "\nThe month is extrapolated from the elapsed time, on a machine that did other things too.\n");
            }
            System.out.println(report);
            String name = month ? "Backtest of a month in full" : "Backtest, batches of " + perBatch;
            Results.update(Path.of("benchmarks", "RESULTS.md"), Map.of(name, report.toString()));
        } finally {
            Files.delete(file);
        }
    }

    private static long write(Path file, int hours, int perBatch) throws IOException {
        Workload.Replay replay =
                Workload.ofExports(42, perBatch, 400, PER_SECOND).replay();
        long batches = hours * 3600L * PER_SECOND / perBatch;
        try (HistoryWriter writer = HistoryWriter.create(file, 1)) {
            for (long i = 0; i < batches; i++) {
                writer.batch(0, i, replay.next());
            }
        }
        return batches * perBatch;
    }

    /** Reading alone, as a measure of the machine. */
    private static String decode(Path file, long events) throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        EventBatchReader reader = new EventBatchReader();
        long[] seen = {0};
        long cpu = system.getProcessCpuTime();
        History.of(List.of(file)).read((record, position) -> {
            reader.open(record.bytes());
            while (reader.next()) {
                seen[0] += reader.durations(0).length == 0 ? 0 : reader.count();
            }
            return true;
        });
        if (seen[0] != events) {
            throw new IllegalStateException("read " + seen[0] + " events of " + events);
        }
        double nanos = (system.getProcessCpuTime() - cpu) / (double) events;
        return String.format(Locale.ROOT, "| reading alone | %.0f | %.1f M | | |%n", nanos, 1e3 / nanos);
    }

    private static String run(Path file, int threads, long events, StringBuilder report)
            throws IOException, InterruptedException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long begin = System.nanoTime();
        EngineSettings settings = EngineSettings.of(EngineSettings.DEFAULT_TICK);
        BacktestReport result = new Backtest(
                        History.of(List.of(file)), Backtest.Settings.of(settings, threads), List.of(), Progress.NONE)
                .run(Workload.rules(Workload.update()), Optional.empty());
        String json = JsonReport.write(result);
        double elapsed = (System.nanoTime() - begin) / 1e9;
        double nanos = (system.getProcessCpuTime() - cpu) / (double) events;
        if (result.stretch().events() != events || result.stretch().tooLate() != 0) {
            throw new IllegalStateException("not every event was measured: " + result.stretch());
        }
        report.append(String.format(
                Locale.ROOT,
                "| backtest, %d thread(s) | %.0f | %.1f M | %.0f | %.1f min |%n",
                threads,
                nanos,
                1e3 / nanos,
                elapsed,
                elapsed / events * MONTH_EVENTS / 60));
        return json;
    }
}
