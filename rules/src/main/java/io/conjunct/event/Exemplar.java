// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static java.util.Objects.requireNonNull;

import java.util.HexFormat;

/**
 * A trace worth opening: kept as evidence, never as a label.
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param timeMillis when the span ended, Unix milliseconds
 * @param durationNanos how long it took
 * @param failed whether its status was an error
 */
public record Exemplar(String traceId, long timeMillis, long durationNanos, boolean failed) {
    public Exemplar {
        requireNonNull(traceId, "traceId");
        if (traceId.length() != 32) {
            throw new IllegalArgumentException("traceId: " + traceId.length() + " digits (expected: 32)");
        }
    }

    static String hex(byte[] traceId) {
        return HexFormat.of().formatHex(traceId);
    }

    /** Whether this one shows slowness better: longer, and between equals the smaller id, so that order never decides. */
    public boolean slowerThan(Exemplar other) {
        int byDuration = Long.compare(durationNanos, other.durationNanos);
        return byDuration != 0 ? byDuration > 0 : traceId.compareTo(other.traceId) < 0;
    }

    /** Whether this one is the later failure; between equals the smaller id. */
    public boolean laterThan(Exemplar other) {
        int byTime = Long.compare(timeMillis, other.timeMillis);
        return byTime != 0 ? byTime > 0 : traceId.compareTo(other.traceId) < 0;
    }
}
