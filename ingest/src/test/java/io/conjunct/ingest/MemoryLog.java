// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.awaitility.Awaitility.await;

import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.event.Series;
import io.conjunct.ingest.batch.BatchLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A log in memory that can be told to fail or to keep its acknowledgements back; as strict about length as Kafka. */
final class MemoryLog implements BatchLog {
    private final List<byte[]> batches = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new CopyOnWriteArrayList<>();
    private final AtomicInteger failNext = new AtomicInteger();
    private volatile boolean failing;
    private volatile boolean silent;
    private volatile boolean closed;
    private volatile BooleanSupplier settled = () -> true;

    /** What is read here waits until the sidecar has nothing left to bring, or the log does not take it. */
    void settledWhen(BooleanSupplier condition) {
        settled = condition;
    }

    private void awaitSettled() {
        await().pollInterval(Duration.ofMillis(2)).until(() -> closed || failing || silent || settled.getAsBoolean());
    }

    @Override
    public CompletionStage<Void> append(byte[] batch) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (batch.length > EventBatch.MAX_BYTES) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("record too large"));
        }
        if (failing || failNext.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return CompletableFuture.failedFuture(new IllegalStateException("broker away"));
        }
        batches.add(batch);
        if (silent) {
            CompletableFuture<Void> later = new CompletableFuture<>();
            waiting.add(later);
            return later;
        }
        return CompletableFuture.completedFuture(null);
    }

    void fail(boolean fails) {
        failing = fails;
    }

    /** So many batches from now on, as a client that cannot reach a broker fails some and then none. */
    void failNext(int batches) {
        failNext.set(batches);
        failing = false;
    }

    void silence() {
        silent = true;
    }

    void speak() {
        silent = false;
        waiting.forEach(w -> w.complete(null));
        waiting.clear();
    }

    @Override
    public void close() {
        closed = true;
    }

    List<EventBatch> batches() {
        awaitSettled();
        List<EventBatch> decoded = new ArrayList<>();
        for (byte[] batch : batches) {
            try {
                decoded.add(EventBatch.decode(batch));
            } catch (MalformedBatchException e) {
                throw new AssertionError(e);
            }
        }
        return decoded;
    }

    List<byte[]> encoded() {
        awaitSettled();
        return batches;
    }

    /** All rows of all batches in the order of arrival. */
    List<Rows> rows() {
        return batches().stream().flatMap(batch -> batch.rows().stream()).toList();
    }

    int events() {
        return batches().stream().mapToInt(EventBatch::events).sum();
    }

    Map<Series, Integer> countBySeries() {
        Map<Series, Integer> counts = new LinkedHashMap<>();
        rows().forEach(rows -> counts.merge(rows.series(), rows.count(), Integer::sum));
        return counts;
    }

    /** The only rows there are. */
    Rows onlyRows() {
        List<Rows> rows = rows();
        if (rows.size() != 1) {
            throw new AssertionError("rows: " + rows);
        }
        return rows.get(0);
    }
}
