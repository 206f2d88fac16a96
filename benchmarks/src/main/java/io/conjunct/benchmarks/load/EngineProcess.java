// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import io.conjunct.benchmarks.Workload;
import io.conjunct.correlate.Correlator;
import io.conjunct.correlate.CorrelatorSettings;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The engine of {@link TopologyLoad}: starts, waits until all has been decided, says what it cost, ends. */
final class EngineProcess {
    private static final int THREADS = 2;

    private EngineProcess() {}

    public static void main(String[] args) throws InterruptedException {
        long events = Long.parseLong(args[2]);
        long warmUp = Long.parseLong(args[3]);
        long end = Long.parseLong(args[4]);
        PrometheusRegistry registry = new PrometheusRegistry();
        CorrelatorSettings settings = new CorrelatorSettings(
                args[0],
                "conjunct.",
                "load",
                Path.of(args[1]),
                EngineSettings.of(EngineSettings.DEFAULT_TICK),
                Duration.ofSeconds(10),
                THREADS,
                TopologyLoad.PARTITIONS,
                THREADS,
                1,
                false,
                true,
                Map.of());
        try (Correlator correlator = Correlator.start(settings, Workload::rules, registry, tick -> {})) {
            correlator.publish(Workload.update());
            System.out.println("ready");
            await(correlator, () -> count(registry, "conjunct_engine_events") >= warmUp);
            StackSampler sampler = StackSampler.start();
            long measuredFrom = count(registry, "conjunct_engine_events");
            long cpuFrom = cpuNanos();
            long wallFrom = System.nanoTime();
            long collectingFrom = collectingMillis();
            await(correlator, () -> decidedUntil(correlator.latest()) >= end);
            long cpu = cpuNanos() - cpuFrom;
            long wall = System.nanoTime() - wallFrom;
            Map<String, Double> profile = sampler.stop();
            double perEvent = (double) cpu / (count(registry, "conjunct_engine_events") - measuredFrom);
            print("CPU µs per event", "%.3f", perEvent / 1e3);
            print("events per second and core", "%.1f M", 1e3 / perEvent);
            print("events per second of this run, machine shared", "%.1f M", (events - measuredFrom) * 1e3 / wall);
            print("events", "%d", count(registry, "conjunct_engine_events"));
            print("measured", "%d", count(registry, "conjunct_engine_measured_events"));
            print("in windows", "%d", inWindows(correlator.latest()));
            print("duplicate batches", "%d", count(registry, "conjunct_engine_duplicate_batches"));
            print("duplicate partials", "%d", count(registry, "conjunct_engine_duplicate_partials"));
            print("partials", "%d", count(registry, "conjunct_engine_partials"));
            print("pauses for garbage, ms", "%d", collectingMillis() - collectingFrom);
            profile.forEach((what, share) -> print("stream threads: " + what, "%.0f %%", 100 * share));
            System.out.flush();
        }
    }

    private static void print(String what, String format, Object value) {
        System.out.println(what + "=" + String.format(Locale.ROOT, format, value));
    }

    private static void await(Correlator correlator, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(15);
        while (!condition.holds()) {
            if (System.nanoTime() > deadline
                    || correlator
                            .notReady()
                            .filter(r -> r.startsWith("stopped"))
                            .isPresent()) {
                throw new IllegalStateException("not done: " + correlator.notReady());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static long decidedUntil(Map<String, GroupTick> latest) {
        return latest.size() < Workload.GROUPS
                ? Long.MIN_VALUE
                : latest.values().stream().mapToLong(GroupTick::atMillis).min().orElse(Long.MIN_VALUE);
    }

    /** Every event is in the window of exactly one error ratio. */
    private static long inWindows(Map<String, GroupTick> latest) {
        return latest.values().stream()
                .flatMap(tick -> tick.samples().stream())
                .filter(sample -> sample.signal().equals("errors"))
                .mapToLong(GroupTick.Sample::n)
                .sum();
    }

    private static long count(PrometheusRegistry registry, String name) {
        Map<String, Double> sums = new TreeMap<>();
        for (MetricSnapshot snapshot : registry.scrape(name::equals)) {
            if (snapshot instanceof CounterSnapshot counter) {
                counter.getDataPoints().forEach(p -> sums.merge(name, p.getValue(), Double::sum));
            }
        }
        return sums.getOrDefault(name, 0.0).longValue();
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long collectingMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    /** Something to wait for. */
    private interface Condition {
        boolean holds();
    }
}
