// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.record.Cost;
import io.conjunct.record.LedgerFold;
import io.conjunct.record.RuleRecord;
import java.io.IOException;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/** The box "ledger": one {@link LedgerFold} whose memory is its store. What cannot be read is counted and left out. */
final class LedgerStep implements ProcessorSupplier<String, String, String, String> {
    static final String STORE = "ledger-state";
    static final String RECORDS = "to-track-records";
    static final String TICKETS = "to-alerts";

    private final Topics topics;
    private final Cost cost;
    private final Runnable unreadable;

    LedgerStep(Topics topics, Cost cost, Runnable unreadable) {
        this.topics = topics;
        this.cost = cost;
        this.unreadable = unreadable;
    }

    /**
     * Gives a value to the fold as what its topic makes it.
     *
     * @throws IOException when it is no such thing
     */
    static void fold(Topics topics, String topic, String value, LedgerFold into) throws IOException {
        if (topic.equals(topics.alerts())) {
            into.alert(value);
        } else if (topic.equals(topics.deliveries())) {
            into.delivery(value);
        } else if (topic.equals(topics.verdicts())) {
            into.said(value);
        } else {
            into.legs(value);
        }
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(StreamStore.builder(STORE));
    }

    @Override
    public Processor<String, String, String, String> get() {
        return new Step();
    }

    /** The only task's folding. */
    private final class Step implements Processor<String, String, String, String>, LedgerFold.Output {
        private @Nullable ProcessorContext<String, String> context;
        private @Nullable LedgerFold fold;
        private long timestamp;

        @Override
        public void init(ProcessorContext<String, String> taskContext) {
            context = taskContext;
            fold = new LedgerFold(new StreamStore(taskContext.getStateStore(STORE)), cost, this);
        }

        @Override
        public void process(Record<String, String> record) {
            String topic = requireNonNull(context, "context")
                    .recordMetadata()
                    .orElseThrow()
                    .topic();
            timestamp = record.timestamp();
            if (record.value() == null) {
                return;
            }
            try {
                fold(topics, topic, record.value(), requireNonNull(fold, "fold"));
            } catch (IOException e) {
                unreadable.run();
            }
        }

        @Override
        public void record(RuleRecord record) {
            requireNonNull(context, "context").forward(new Record<>(record.rule(), record.write(), timestamp), RECORDS);
        }

        @Override
        public void alert(Alert ticket) {
            requireNonNull(context, "context")
                    .forward(new Record<>(ticket.identity(), AlertJson.write(ticket), timestamp), TICKETS);
        }
    }
}
