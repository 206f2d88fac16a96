// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.micro;

import io.conjunct.alert.Alert;
import io.conjunct.benchmarks.Workload;
import io.conjunct.engine.Decisions;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.HeapStore;
import io.conjunct.engine.LocalEngine;
import io.conjunct.engine.MeasureCounts;
import io.conjunct.engine.Measurer;
import io.conjunct.event.EventBatchReader;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What one event costs: to take off the wire, to measure, and in the whole engine; one thread, without Kafka. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(EngineBenchmark.EVENTS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 7, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC"})
public class EngineBenchmark {
    static final int EVENTS = 5_000;

    @Param({"500", "5000"})
    public int batch;

    private Workload.Replay events = new Workload(1, 1, 1).replay();
    private EventBatchReader reader = new EventBatchReader();
    private MeasureCounts counts = new MeasureCounts();
    private Measurer measurer = newMeasurer();
    private LocalEngine engine = newEngine();
    private long offset;
    private long sent;

    private Measurer newMeasurer() {
        return new Measurer(
                EngineSettings.of(EngineSettings.DEFAULT_TICK), Workload::rules, 0, 2, new HeapStore(), counts);
    }

    private static LocalEngine newEngine() {
        LocalEngine engine =
                new LocalEngine(EngineSettings.of(EngineSettings.DEFAULT_TICK), Workload::rules, 1, 2, new Decisions() {
                    @Override
                    public void alert(Alert alert) {}

                    @Override
                    public void tick(GroupTick tick) {}
                });
        engine.rules(Workload.update());
        return engine;
    }

    /** Fresh state for each benchmark, so that its first events are the recording's. */
    @Setup
    public void prepare() throws IOException {
        events = new Workload(42, batch, 200_000 / batch).replay();
        reader = new EventBatchReader();
        counts = new MeasureCounts();
        measurer = newMeasurer();
        measurer.onRules(offset++, Workload.update().encode(), (target, partial) -> {});
        engine = newEngine();
    }

    /** The wire format alone: every time and duration into its column. */
    @Benchmark
    public void decode(Blackhole hole) throws IOException {
        for (int i = 0; i < EVENTS; i += batch) {
            reader.open(events.next());
            while (reader.next()) {
                hole.consume(reader.definition().hashCode());
                hole.consume(reader.times());
                hole.consume(reader.durations(0));
            }
        }
    }

    /** Decode and measure: the measuring step of the topology. */
    @Benchmark
    public void measure(Blackhole hole) throws IOException {
        for (int i = 0; i < EVENTS; i += batch) {
            measurer.onBatch(offset++, events.next(), (target, partial) -> hole.consume(partial));
        }
    }

    /** Decode, measure, slide ten-minute windows, decide rules. */
    @Benchmark
    public void engine() throws IOException {
        for (int i = 0; i < EVENTS; i += batch) {
            engine.batch(0, events.next());
        }
        sent += EVENTS;
    }

    /** A benchmark that lost events has measured nothing. */
    @TearDown
    public void check() {
        if (counts.events != counts.measured || counts.duplicateBatches != 0) {
            throw new IllegalStateException(counts.measured + " of " + counts.events + " events measured");
        }
        if (engine.measureCounts.measured != sent || engine.decideCounts.lateCells != 0) {
            throw new IllegalStateException(engine.measureCounts.measured + " of " + sent + " events measured");
        }
    }
}
