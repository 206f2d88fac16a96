// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.LegPages;
import io.conjunct.engine.Decider;
import io.conjunct.engine.Decisions;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.RuleUpdate;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/** The box "decide": one {@link Decider} per partition of the partials topic, its store the write-ahead log. */
final class DecideStep implements ProcessorSupplier<Integer, byte[], String, String> {
    private static final String STORE = "decide-state";

    private final EngineSettings settings;
    private final RuleUpdate.Compiler compiler;
    private final int targets;
    private final int sources;
    private final EngineMetrics metrics;
    private final Consumer<GroupTick> onTick;

    /** @param onTick sees every decision as it is made, before it is committed; for display only */
    DecideStep(
            EngineSettings settings,
            RuleUpdate.Compiler compiler,
            int targets,
            int sources,
            EngineMetrics metrics,
            Consumer<GroupTick> onTick) {
        this.settings = settings;
        this.compiler = compiler;
        this.targets = targets;
        this.sources = sources;
        this.metrics = metrics;
        this.onTick = onTick;
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(StreamStore.builder(STORE));
    }

    @Override
    public Processor<Integer, byte[], String, String> get() {
        return new Step();
    }

    /** One task's deciding. */
    private final class Step implements Processor<Integer, byte[], String, String>, Decisions {
        private @Nullable ProcessorContext<String, String> context;
        private @Nullable Decider decider;
        private int task;
        private long timestamp;

        @Override
        public void init(ProcessorContext<String, String> taskContext) {
            context = taskContext;
            task = taskContext.taskId().partition();
            decider = new Decider(
                    settings,
                    compiler,
                    task,
                    targets,
                    sources,
                    new StreamStore(taskContext.getStateStore(STORE)),
                    metrics.deciding(task));
        }

        @Override
        public void process(Record<Integer, byte[]> partial) {
            timestamp = partial.timestamp();
            requireNonNull(decider, "decider").onPartial(partial.value(), this);
        }

        @Override
        public void alert(Alert alert) {
            metrics.alert(alert);
            requireNonNull(context, "context")
                    .forward(new Record<>(alert.identity(), AlertJson.write(alert), timestamp), "to-alerts");
        }

        @Override
        public void switched(RuleUpdate rules, long fromMillis) {
            RulesInForce now = RulesInForce.of(rules, fromMillis, settings.tickMillis());
            requireNonNull(context, "context")
                    .forward(new Record<>(RulesInForce.key(task), now.write(), timestamp), "to-rules");
        }

        @Override
        public void legs(LegPages today) {
            requireNonNull(context, "context")
                    .forward(new Record<>(today.key(), today.write(), timestamp), "to-leg-pages");
        }

        @Override
        public void tick(GroupTick tick) {
            metrics.tick(tick);
            onTick.accept(tick);
            for (String record : SignalJson.write(tick)) {
                requireNonNull(context, "context").forward(new Record<>(tick.group(), record, timestamp), "to-signals");
            }
        }
    }
}
