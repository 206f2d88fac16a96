// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

import static java.util.Objects.requireNonNull;

/** One record of the event log, as it was recorded. */
public final class HistoryRecord {
    private final Kind kind;
    private final int source;
    private final long offset;
    private final byte[] bytes;

    /** What a record brings. */
    public enum Kind {
        /** Events and a promise about time: an {@link io.conjunct.event.EventBatch}. */
        BATCH(0),
        /** A change of rules: an {@link io.conjunct.engine.RuleUpdate}. */
        RULES(1);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        /** As it stands in the file. */
        byte code() {
            return code;
        }
    }

    /**
     * Takes the bytes as they are.
     *
     * @param kind what {@code bytes} are
     * @param source partition it came from
     * @param offset its place there; rises within a partition
     * @param bytes the encoded batch or rule update; not copied, not to be changed
     */
    public HistoryRecord(Kind kind, int source, long offset, byte[] bytes) {
        this.kind = requireNonNull(kind, "kind");
        this.source = source;
        this.offset = offset;
        this.bytes = requireNonNull(bytes, "bytes");
        if (source < 0 || source >= HistoryFormat.MAX_SOURCES || offset < 0) {
            throw new IllegalArgumentException("source " + source + ", offset " + offset + " (expected: 0 to "
                    + (HistoryFormat.MAX_SOURCES - 1) + ", and not below 0)");
        }
    }

    public Kind kind() {
        return kind;
    }

    /** Partition of the event log. */
    public int source() {
        return source;
    }

    public long offset() {
        return offset;
    }

    /** The encoded batch or rule update; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return kind + " " + source + "/" + offset + ", " + bytes.length + " bytes";
    }
}
