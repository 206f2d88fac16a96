// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.event.EventBatch.Header;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The event time of one partition of the event log, told by nothing but the log: the lowest of the promises of its live
 * sidecars. A sidecar lives from its first batch until it says goodbye, or until the others have moved on by the idle
 * timeout without it. An outage that stops all of them at once does not count as silence: one record advances the
 * silence of the others by a tenth of the timeout at most, so each has a chance to come back and drain.
 *
 * <p>At most {@value #MAX_SIDECARS} are remembered; the longest silent are forgotten first.
 */
final class PartitionClock {
    static final int MAX_SIDECARS = 10_000;
    static final long UNSET = Long.MIN_VALUE;

    private final long idleTimeoutMillis;
    private final Map<String, Sidecar> sidecars = new TreeMap<>();
    private long frontier = UNSET;
    private long watermark = UNSET;

    /** What is known of one sender. */
    private static final class Sidecar {
        long epoch;
        long sequence;
        long claim = UNSET;
        long quietMillis;
        boolean live;
    }

    PartitionClock(long idleTimeoutMillis) {
        this.idleTimeoutMillis = idleTimeoutMillis;
    }

    /** No event older than this is expected; {@link #UNSET} before the first promise. */
    long watermark() {
        return watermark;
    }

    /** Whether this batch was seen before: same or older start of the sidecar, same or older number. */
    boolean isDuplicate(Header header) {
        Sidecar sidecar = sidecars.get(header.sidecar());
        return sidecar != null
                && (header.epoch() < sidecar.epoch
                        || (header.epoch() == sidecar.epoch && header.sequence() <= sidecar.sequence));
    }

    /** Takes a batch's promise; the watermark never goes back. */
    void accept(Header header) {
        Sidecar sidecar = sidecars.computeIfAbsent(header.sidecar(), id -> new Sidecar());
        sidecar.epoch = header.epoch();
        sidecar.sequence = header.sequence();
        // A promise is never beyond the sender's own clock, whatever it says.
        sidecar.claim = Math.max(sidecar.claim, Math.min(header.claimMillis(), header.receivedMillis()));
        sidecar.quietMillis = 0;
        sidecar.live = !header.leaving();

        long step = frontier == UNSET ? 0 : Math.max(0, sidecar.claim - frontier);
        frontier = Math.max(frontier, sidecar.claim);
        long silence = Math.min(step, idleTimeoutMillis / 10);
        long lowest = Long.MAX_VALUE;
        for (Sidecar other : sidecars.values()) {
            if (other != sidecar && other.live) {
                other.quietMillis += silence;
                if (other.quietMillis > idleTimeoutMillis && other.claim < frontier - idleTimeoutMillis) {
                    other.live = false;
                }
            }
            if (other.live) {
                lowest = Math.min(lowest, other.claim);
            }
        }
        if (lowest != Long.MAX_VALUE) {
            watermark = Math.max(watermark, lowest);
        }
        forgetTheLongSilent();
    }

    private void forgetTheLongSilent() {
        while (sidecars.size() > MAX_SIDECARS) {
            Iterator<Map.Entry<String, Sidecar>> all = sidecars.entrySet().iterator();
            String oldest = "";
            long oldestClaim = Long.MAX_VALUE;
            while (all.hasNext()) {
                Map.Entry<String, Sidecar> entry = all.next();
                if (entry.getValue().claim < oldestClaim) {
                    oldest = entry.getKey();
                    oldestClaim = entry.getValue().claim;
                }
            }
            sidecars.remove(oldest);
        }
    }

    void writeTo(CodedOutputStream out) throws IOException {
        out.writeSInt64NoTag(frontier);
        out.writeSInt64NoTag(watermark);
        out.writeUInt32NoTag(sidecars.size());
        for (Map.Entry<String, Sidecar> entry : sidecars.entrySet()) {
            Sidecar sidecar = entry.getValue();
            out.writeStringNoTag(entry.getKey());
            out.writeUInt64NoTag(sidecar.epoch);
            out.writeUInt64NoTag(sidecar.sequence);
            out.writeSInt64NoTag(sidecar.claim);
            out.writeUInt64NoTag(sidecar.quietMillis);
            out.writeBoolNoTag(sidecar.live);
        }
    }

    void readFrom(CodedInputStream in) throws IOException {
        frontier = in.readSInt64();
        watermark = in.readSInt64();
        int size = in.readUInt32();
        for (int i = 0; i < size; i++) {
            Sidecar sidecar = new Sidecar();
            String id = in.readString();
            sidecar.epoch = in.readUInt64();
            sidecar.sequence = in.readUInt64();
            sidecar.claim = in.readSInt64();
            sidecar.quietMillis = in.readUInt64();
            sidecar.live = in.readBool();
            sidecars.put(id, sidecar);
        }
    }
}
