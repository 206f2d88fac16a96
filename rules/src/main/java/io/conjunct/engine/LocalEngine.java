// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.event.EventBatch;
import io.conjunct.event.MalformedBatchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole engine in one thread and on the heap, without Kafka: the host of rule tests, backtests and the reference that
 * the topology is compared with. The same two steps, wired directly.
 */
public final class LocalEngine {
    private final List<Measurer> measurers = new ArrayList<>();
    private final List<Decider> deciders = new ArrayList<>();
    private final long[] offsets;
    private final Decisions decisions;

    /** What the measuring step did with events. */
    public final MeasureCounts measureCounts = new MeasureCounts();

    public final DecideCounts decideCounts = new DecideCounts();

    /**
     * @param sources partitions of the event log
     * @param tasks partitions over which rule groups are spread
     */
    public LocalEngine(
            EngineSettings settings, RuleUpdate.Compiler compiler, int sources, int tasks, Decisions decisions) {
        this.decisions = decisions;
        this.offsets = new long[sources];
        for (int i = 0; i < sources; i++) {
            measurers.add(new Measurer(settings, compiler, i, tasks, new HeapStore(), measureCounts).gathering());
        }
        for (int i = 0; i < tasks; i++) {
            deciders.add(new Decider(settings, compiler, i, tasks, sources, new HeapStore(), decideCounts));
        }
    }

    /** Puts a change of rules into every partition, as the publisher does. */
    public void rules(RuleUpdate update) {
        byte[] record = update.encode();
        for (int i = 0; i < offsets.length; i++) {
            try {
                measurers.get(i).onRules(offsets[i]++, record, this::pass);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Puts an encoded batch into a partition and decides what has become due. */
    public void batch(int source, byte[] record) throws MalformedBatchException {
        measurers.get(source).onBatch(offsets[source]++, record, this::pass);
    }

    /** The same of a batch that is not encoded yet. */
    public void batch(int source, EventBatch batch) {
        try {
            batch(source, batch.encode());
        } catch (MalformedBatchException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pass(int target, byte[] partial) {
        deciders.get(target).onPartial(partial, decisions);
    }
}
