// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * What happened to the records of one request, counted without touching shared counters. Holds
 * {@code received = accepted + all rejected} at any time. Not thread-safe; reused from request to request.
 */
public final class Tally {
    private long accepted;
    private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);
    private final Map<Adjustment, Long> adjusted = new EnumMap<>(Adjustment.class);
    private final Map<Shaped, Long> shaped = new HashMap<>();
    private long unread;
    private long secret;

    public void accept() {
        accepted++;
    }

    public void reject(Rejection reason) {
        rejected.merge(reason, 1L, Long::sum);
    }

    public void adjust(Adjustment adjustment) {
        adjusted.merge(adjustment, 1L, Long::sum);
    }

    /** What a service sent under a key was made coarser, for one event. */
    public void shape(Shaped what) {
        shaped.merge(what, 1L, Long::sum);
    }

    /** Attributes were left out because nothing reads them. */
    public void skipUnread(int count) {
        unread += count;
    }

    /** Attributes were left out because they never leave the process. */
    public void skipPrivate(int count) {
        secret += count;
    }

    /** Turns all that was accepted into rejected. */
    public void refuse(Rejection reason) {
        rejected.merge(reason, accepted, Long::sum);
        accepted = 0;
    }

    /** Adds what happened to other records. */
    public void add(Tally other) {
        accepted += other.accepted;
        other.rejected.forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
        other.adjusted.forEach((adjustment, count) -> adjusted.merge(adjustment, count, Long::sum));
        other.shaped.forEach((what, count) -> shaped.merge(what, count, Long::sum));
        unread += other.unread;
        secret += other.secret;
    }

    public long accepted() {
        return accepted;
    }

    public long rejected(Rejection reason) {
        return rejected.getOrDefault(reason, 0L);
    }

    public long adjusted(Adjustment adjustment) {
        return adjusted.getOrDefault(adjustment, 0L);
    }

    public Map<Shaped, Long> shaped() {
        return shaped;
    }

    public long unread() {
        return unread;
    }

    public long secret() {
        return secret;
    }

    public long received() {
        return accepted + rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many records the client has to be told were rejected. */
    public long reported() {
        long reported = 0;
        for (Rejection reason : rejected.keySet()) {
            reported += reason.reported() ? rejected(reason) : 0;
        }
        return reported;
    }

    /** One English sentence for {@link #reported()}. */
    public String report() {
        StringBuilder report = new StringBuilder();
        for (Rejection reason : rejected.keySet()) {
            long count = rejected(reason);
            if (reason.reported() && count > 0) {
                report.append(report.isEmpty() ? "" : "; ")
                        .append(count)
                        .append(" rejected: ")
                        .append(reason.explanation());
            }
        }
        return report.toString();
    }

    public void clear() {
        accepted = 0;
        rejected.clear();
        adjusted.clear();
        shaped.clear();
        unread = 0;
        secret = 0;
    }
}
