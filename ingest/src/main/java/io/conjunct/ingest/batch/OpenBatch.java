// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchBuilder;
import io.conjunct.event.Exemplar;
import io.conjunct.event.SpareColumns;
import io.conjunct.ingest.mapping.EventStage;
import java.util.concurrent.CompletableFuture;

/** The batch under construction. Guarded by the batcher's lock. */
final class OpenBatch {
    private final EventBatchBuilder builder;
    private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    private final long openedNanos = System.nanoTime();
    private int series;

    OpenBatch(long tickMillis, SpareColumns spare) {
        builder = new EventBatchBuilder(tickMillis, spare);
    }

    /**
     * Adds rows of a stage until the batch is full.
     *
     * @return the first row that did not fit
     */
    int fill(EventStage stage, int from) {
        int row = from;
        while (row < stage.size() && !isFull()) {
            int staged = stage.seriesOf(row);
            int number = stage.numberIn(builder, staged);
            if (number < 0) {
                number = builder.series(stage.series(staged));
                stage.number(builder, staged, number);
                series = Math.max(series, number + 1);
            }
            Object[] values = stage.values(row);
            if (values == null) {
                builder.addSpan(number, stage.time(row), stage.duration(row));
            } else {
                builder.add(number, stage.time(row), values);
            }
            Exemplar exemplar = stage.exemplar(row);
            if (exemplar != null) {
                builder.offerExemplar(number, exemplar);
            }
            row++;
        }
        return row;
    }

    boolean isFull() {
        return builder.estimatedBytes() >= BatchLimits.TARGET_BYTES || series >= BatchLimits.MAX_SERIES;
    }

    int bytes() {
        return builder.estimatedBytes();
    }

    long ageNanos(long now) {
        return now - openedNanos;
    }

    CompletableFuture<Void> acknowledged() {
        return acknowledged;
    }

    ClosedBatch close(Header header) {
        int bytes = builder.estimatedBytes();
        EventBatch batch = builder.build(header);
        return new ClosedBatch(batch, bytes, acknowledged);
    }

    /**
     * A batch that waits for the sender; its header still lacks the sequence.
     *
     * @param bytes the estimate by which it is accounted
     */
    record ClosedBatch(EventBatch batch, int bytes, CompletableFuture<Void> acknowledged) {}
}
