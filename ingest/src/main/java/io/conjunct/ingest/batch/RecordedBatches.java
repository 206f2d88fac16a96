// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import static java.util.Objects.requireNonNull;

import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.SpareColumns;
import io.conjunct.history.HistoryWriter;
import io.conjunct.ingest.mapping.EventStage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batches as a sidecar makes them, for a recorded file instead of Kafka, and with the time of the data instead of a
 * clock: the same input gives the same file. A batch is closed after a second of that time, or when it is full; its claim
 * is the time minus the allowed lateness. Not thread-safe. Memory: one batch.
 */
public final class RecordedBatches {
    private static final long PROMISE_MILLIS = 1_000;
    private static final String SENDER = "file";

    private final HistoryWriter writer;
    private final long tickMillis;
    private final long latenessMillis;
    private final SpareColumns spare = new SpareColumns();
    private @Nullable OpenBatch open;
    private long sequence;
    private long nowMillis = Long.MIN_VALUE;
    private long promisedMillis = Long.MIN_VALUE;
    private long claimMillis;
    private long events;
    private long oversize;

    /**
     * Batches for the only partition of a file.
     *
     * @param tickMillis the engine's tick, per which exemplars are kept
     */
    public RecordedBatches(HistoryWriter writer, long tickMillis, Duration allowedLateness) {
        this.writer = requireNonNull(writer, "writer");
        this.tickMillis = tickMillis;
        this.latenessMillis = allowedLateness.toMillis();
    }

    /** Time has come this far; it never goes back. To be said before the events that came then. */
    public void now(long millis) throws IOException {
        nowMillis = Math.max(nowMillis, millis);
        if (promisedMillis == Long.MIN_VALUE || nowMillis - promisedMillis >= PROMISE_MILLIS) {
            promise(nowMillis - latenessMillis);
        }
    }

    /** Adds the events of a request. */
    public void append(EventStage stage) throws IOException {
        int row = 0;
        while (row < stage.size()) {
            OpenBatch batch = open == null ? new OpenBatch(tickMillis, spare) : open;
            open = batch;
            row = batch.fill(stage, row);
            if (batch.isFull()) {
                // More of the same age may follow, so nothing new is promised.
                close(batch, claimMillis);
            }
        }
        events += stage.size();
    }

    /** Nothing follows: time goes on just far enough for every event to be behind it. */
    public void end() throws IOException {
        if (promisedMillis != Long.MIN_VALUE) {
            promise(nowMillis + 1);
        }
    }

    /** Events written, those that were too long included. */
    public long events() {
        return events;
    }

    /** How many events were left out because one alone was longer than a batch may be. */
    public long oversize() {
        return oversize;
    }

    private void promise(long claim) throws IOException {
        OpenBatch batch = open;
        if (batch == null) {
            claimMillis = claim;
            write(List.of(), claim);
        } else {
            close(batch, claim);
            claimMillis = claim;
        }
        promisedMillis = nowMillis;
    }

    private void close(OpenBatch batch, long claim) throws IOException {
        open = null;
        write(batch.close(header(claim)).batch().rows(), claim);
    }

    /** A batch that is too long is halved; all parts but the last repeat the claim before. */
    private void write(List<Rows> rows, long claim) throws IOException {
        EventBatch batch = new EventBatch(header(claim), rows);
        byte[] encoded = batch.encode();
        if (encoded.length <= EventBatch.MAX_BYTES) {
            writer.batch(0, sequence++, encoded);
            return;
        }
        List<List<Rows>> halves = BatchSplit.halves(batch);
        if (halves == null) {
            oversize++;
            write(List.of(), claim);
            return;
        }
        write(halves.get(0), claimMillis);
        write(halves.get(1), claim);
    }

    private Header header(long claim) {
        return new Header(SENDER, 0, sequence, claim, nowMillis, false);
    }
}
