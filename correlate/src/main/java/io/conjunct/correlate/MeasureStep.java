// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static java.util.Objects.requireNonNull;

import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.Measurer;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.MalformedBatchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The box "measure": one {@link Measurer} per partition of the event log, with its promises and rules in a store. */
final class MeasureStep implements ProcessorSupplier<byte[], byte[], Object, byte[]> {
    /** Key of a record of the event log that changes the rules instead of bringing events. */
    static final byte[] RULES = "rules".getBytes(StandardCharsets.UTF_8);

    private static final String STORE = "measure-state";
    private static final Logger LOG = LoggerFactory.getLogger(MeasureStep.class);

    private final EngineSettings settings;
    private final RuleUpdate.Compiler compiler;
    private final int targets;
    private final EngineMetrics metrics;

    MeasureStep(EngineSettings settings, RuleUpdate.Compiler compiler, int targets, EngineMetrics metrics) {
        this.settings = settings;
        this.compiler = compiler;
        this.targets = targets;
        this.metrics = metrics;
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(StreamStore.builder(STORE));
    }

    @Override
    public Processor<byte[], byte[], Object, byte[]> get() {
        return new Step();
    }

    /** One task's measuring. */
    private final class Step implements Processor<byte[], byte[], Object, byte[]> {
        private @Nullable ProcessorContext<Object, byte[]> context;
        private @Nullable Measurer measurer;

        @Override
        public void init(ProcessorContext<Object, byte[]> taskContext) {
            context = taskContext;
            int partition = taskContext.taskId().partition();
            measurer = new Measurer(
                    settings,
                    compiler,
                    partition,
                    targets,
                    new StreamStore(taskContext.getStateStore(STORE)),
                    metrics.measuring(partition));
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            ProcessorContext<Object, byte[]> to = requireNonNull(context, "context");
            RecordMetadata at = to.recordMetadata().orElseThrow();
            Measurer.Output partials =
                    (task, partial) -> to.forward(new Record<>(task, partial, record.timestamp()), "to-partials");
            try {
                if (Arrays.equals(RULES, record.key())) {
                    requireNonNull(measurer, "measurer").onRules(at.offset(), record.value(), partials);
                } else if (record.value() == null) {
                    throw new MalformedBatchException("a record without a value");
                } else {
                    requireNonNull(measurer, "measurer").onBatch(at.offset(), record.value(), partials);
                }
            } catch (IOException damaged) {
                refuse(to, record, at, damaged);
            }
        }

        private void refuse(
                ProcessorContext<Object, byte[]> to,
                Record<byte[], byte[]> record,
                RecordMetadata at,
                IOException damaged) {
            if (metrics.malformed()) {
                LOG.warn(
                        "unreadable record set aside: topic {} partition {} offset {}: {}",
                        at.topic(),
                        at.partition(),
                        at.offset(),
                        damaged.getMessage());
            }
            Record<Object, byte[]> letter = new Record<>(record.key(), record.value(), record.timestamp());
            letter.headers().add("reason", String.valueOf(damaged.getMessage()).getBytes(StandardCharsets.UTF_8));
            letter.headers()
                    .add(
                            "source",
                            (at.topic() + "/" + at.partition() + "/" + at.offset()).getBytes(StandardCharsets.UTF_8));
            to.forward(letter, "to-dead-letters");
        }
    }
}
