// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.ingest.batch.OpenBatch.ClosedBatch;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, encodes and appends batches, and knows whether that works. A batch longer than {@link EventBatch#MAX_BYTES} is
 * halved until its parts fit; all parts but the last repeat the promise of the batch before, because more of the same age
 * follows. Used by the sender thread only; acknowledgements come from others.
 */
final class BatchSender {
    private final BatchLog log;
    private final IngestMetrics metrics;
    private final QuietLog quiet = new QuietLog(BatchSender.class);
    private long sequence;
    private @Nullable Long lastClaim;
    private volatile String problem = "Kafka has not acknowledged a batch yet";

    BatchSender(BatchLog log, IngestMetrics metrics) {
        this.log = log;
        this.metrics = metrics;
    }

    Optional<String> notReady() {
        String now = problem;
        return now.isEmpty() ? Optional.empty() : Optional.of(now);
    }

    /** Completes when the batch, in however many parts, is durable. */
    CompletableFuture<Void> send(ClosedBatch closed) {
        Header header = closed.batch().header();
        List<CompletableFuture<Void>> parts = new ArrayList<>(1);
        send(closed.batch().rows(), header, true, parts);
        lastClaim = header.claimMillis();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    }

    private void send(List<Rows> rows, Header header, boolean last, List<CompletableFuture<Void>> parts) {
        long claim = last || lastClaim == null ? header.claimMillis() : lastClaim;
        EventBatch batch = new EventBatch(
                new Header(
                        header.sidecar(),
                        header.epoch(),
                        sequence + 1,
                        claim,
                        header.receivedMillis(),
                        last && header.leaving()),
                rows);
        byte[] encoded = batch.encode();
        if (encoded.length <= EventBatch.MAX_BYTES) {
            sequence++;
            parts.add(append(encoded, batch.events()));
            return;
        }
        List<List<Rows>> halves = BatchSplit.halves(batch);
        if (halves == null) {
            quiet.warn("oversize", "one event is longer than a batch may be and was dropped");
            metrics.undelivered(1, "oversize");
            send(List.of(), header, last, parts);
            return;
        }
        send(halves.get(0), header, false, parts);
        send(halves.get(1), header, last, parts);
    }

    private CompletableFuture<Void> append(byte[] encoded, int events) {
        CompletableFuture<Void> appended;
        try {
            appended = log.append(encoded).toCompletableFuture();
        } catch (RuntimeException e) {
            appended = CompletableFuture.failedFuture(e);
        }
        return appended.whenComplete((done, failure) -> {
            if (failure == null) {
                problem = "";
                metrics.delivered(events, encoded.length);
            } else {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                String name = cause.getClass().getSimpleName();
                problem = "Kafka did not take the last batch: " + name;
                metrics.undelivered(events, name);
                quiet.warn(
                        "undelivered", "a batch of " + events + " events did not reach Kafka: " + cause.getMessage());
            }
        });
    }
}
