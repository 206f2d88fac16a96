// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What happened to the records of one request, counted without touching shared counters. Holds
 * {@code received = accepted + all rejected} at any time. Not thread-safe; reused from request to request.
 */
public final class Tally {
    private static final Rejection[] REJECTIONS = Rejection.values();
    private static final Adjustment[] ADJUSTMENTS = Adjustment.values();

    private long accepted;
    private final long[] rejected = new long[REJECTIONS.length];
    private final long[] adjusted = new long[ADJUSTMENTS.length];
    private final Map<String, Long> folded = new HashMap<>();

    public void accept() {
        accepted++;
    }

    public void reject(Rejection reason) {
        rejected[reason.ordinal()]++;
    }

    public void adjust(Adjustment adjustment) {
        adjusted[adjustment.ordinal()]++;
    }

    public void fold(String key) {
        folded.merge(key, 1L, Long::sum);
    }

    /** Turns all that was accepted into rejected. */
    public void refuse(Rejection reason) {
        rejected[reason.ordinal()] += accepted;
        accepted = 0;
    }

    public long accepted() {
        return accepted;
    }

    public long rejected(Rejection reason) {
        return rejected[reason.ordinal()];
    }

    public long adjusted(Adjustment adjustment) {
        return adjusted[adjustment.ordinal()];
    }

    public Map<String, Long> folded() {
        return folded;
    }

    public long received() {
        return accepted + Arrays.stream(rejected).sum();
    }

    /** How many records the client has to be told were rejected. */
    public long reported() {
        long reported = 0;
        for (Rejection reason : REJECTIONS) {
            reported += reason.reported() ? rejected[reason.ordinal()] : 0;
        }
        return reported;
    }

    /** One English sentence for {@link #reported()}. */
    public String report() {
        StringBuilder report = new StringBuilder();
        for (Rejection reason : REJECTIONS) {
            long count = rejected[reason.ordinal()];
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
        Arrays.fill(rejected, 0);
        Arrays.fill(adjusted, 0);
        folded.clear();
    }
}
