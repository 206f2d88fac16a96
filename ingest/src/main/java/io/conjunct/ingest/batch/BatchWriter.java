// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.EventBatchWriter;
import io.conjunct.ingest.batch.OpenBatch.ClosedBatch;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.spool.Spool;
import io.conjunct.ingest.spool.SpoolFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, encodes and spools batches; one sync serves a group of them. A batch longer than {@link EventBatch#MAX_BYTES}
 * is halved until its parts fit; all parts but the last repeat the promise of the batch before, because more of the same
 * age follows. Numbers of what could not be spooled are not used again. Not thread-safe.
 */
final class BatchWriter {
    private final Spool spool;
    private final IngestMetrics metrics;
    private final EventBatchWriter encoder = new EventBatchWriter();
    private final QuietLog quiet = new QuietLog(BatchWriter.class);
    private long sequence;
    private @Nullable Long lastClaim;

    BatchWriter(Spool spool, IngestMetrics metrics) {
        this.spool = spool;
        this.metrics = metrics;
    }

    /** How a batch fared; {@code failure} is null when all of it is durable. */
    record Written(ClosedBatch batch, @Nullable Exception failure) {}

    /** Returns when all batches are durable, or will not be. */
    List<Written> write(List<ClosedBatch> group) {
        List<Long> lastOrdinals = new ArrayList<>();
        Exception failure = null;
        for (ClosedBatch closed : group) {
            if (failure != null) {
                break;
            }
            try {
                Header header = closed.batch().header();
                lastOrdinals.add(append(closed.batch().rows(), header, true));
                lastClaim = header.claimMillis();
            } catch (IOException | SpoolFullException e) {
                failure = e;
            }
        }
        try {
            spool.sync();
        } catch (IOException e) {
            failure = e;
        }
        if (failure instanceof IOException) {
            spool.rollBack();
        }
        List<Written> written = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            boolean durable = i < lastOrdinals.size() && spool.isDurable(lastOrdinals.get(i));
            written.add(new Written(group.get(i), durable ? null : failure));
        }
        return written;
    }

    /** A batch without events that promises no more than this. */
    byte[] heartbeat(Header header) {
        sequence++;
        lastClaim = header.claimMillis();
        return EventBatch.heartbeat(numbered(header, header.claimMillis(), header.leaving()))
                .encode();
    }

    private Header numbered(Header header, long claim, boolean leaving) {
        return new Header(header.sidecar(), header.epoch(), sequence, claim, header.receivedMillis(), leaving);
    }

    private long append(List<Rows> rows, Header header, boolean last) throws IOException, SpoolFullException {
        long claim = last || lastClaim == null ? header.claimMillis() : lastClaim;
        sequence++;
        EventBatch batch = new EventBatch(numbered(header, claim, false), rows);
        byte[] encoded = encoder.encode(batch);
        if (encoded.length <= EventBatch.MAX_BYTES) {
            return spool.append(encoded, batch.events());
        }
        List<List<Rows>> halves = BatchSplit.halves(batch);
        if (halves == null) {
            quiet.warn("oversize", "one event is longer than a batch may be and was dropped");
            metrics.dropped(1, "oversize");
            return append(List.of(), header, last);
        }
        append(halves.get(0), header, false);
        return append(halves.get(1), header, last);
    }
}
