// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

import static java.util.Objects.requireNonNull;

/**
 * One record of the event log, as it was recorded.
 *
 * @param kind what {@code bytes} are
 * @param source partition it came from
 * @param offset its place there; rises within a partition
 * @param bytes the encoded batch or rule update; not copied, not to be changed
 */
public record HistoryRecord(Kind kind, int source, long offset, byte[] bytes) {

    /** What a record brings. */
    public enum Kind {
        /** Events and a promise about time: an {@link io.conjunct.event.EventBatch}. */
        BATCH,
        /** A change of rules: an {@link io.conjunct.engine.RuleUpdate}. */
        RULES
    }

    public HistoryRecord {
        requireNonNull(kind, "kind");
        requireNonNull(bytes, "bytes");
        if (source < 0 || source >= HistoryFormat.MAX_SOURCES || offset < 0) {
            throw new IllegalArgumentException("source " + source + ", offset " + offset + " (expected: 0 to "
                    + (HistoryFormat.MAX_SOURCES - 1) + ", and not below 0)");
        }
    }
}
