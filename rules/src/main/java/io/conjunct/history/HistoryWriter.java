// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

import io.conjunct.history.HistoryRecord.Kind;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a recorded file, record by record. Not thread-safe. Memory: one record and a small buffer. */
public final class HistoryWriter implements Closeable {
    private final OutputStream out;
    private final int sources;
    private long records;
    private long bytes;

    private HistoryWriter(OutputStream out, int sources) {
        this.out = out;
        this.sources = sources;
    }

    /**
     * Starts a file; one that exists is replaced.
     *
     * @param sources partitions of the event log it is recorded from
     */
    public static HistoryWriter create(Path file, int sources) throws IOException {
        return create(Files.newOutputStream(file), sources);
    }

    static HistoryWriter create(OutputStream to, int sources) throws IOException {
        if (sources < 1 || sources > HistoryFormat.MAX_SOURCES) {
            throw new IllegalArgumentException(
                    "sources: " + sources + " (expected: 1 to " + HistoryFormat.MAX_SOURCES + ")");
        }
        HistoryWriter writer = new HistoryWriter(new BufferedOutputStream(to, 1 << 18), sources);
        ByteBuffer header = ByteBuffer.allocate(HistoryFormat.HEADER_BYTES)
                .putLong(HistoryFormat.MAGIC)
                .putInt(HistoryFormat.VERSION)
                .putInt(sources);
        header.putInt(HistoryFormat.checksum(header.duplicate().flip()));
        writer.put(header);
        return writer;
    }

    public void batch(int source, long offset, byte[] batch) throws IOException {
        write(new HistoryRecord(Kind.BATCH, source, offset, batch));
    }

    public void write(HistoryRecord record) throws IOException {
        if (record.source() >= sources) {
            throw new IllegalArgumentException(
                    "source: " + record.source() + " (expected: below " + sources + ", as the header says)");
        }
        int length = HistoryFormat.BODY_HEAD_BYTES + record.bytes().length;
        if (length > HistoryFormat.MAX_BODY_BYTES) {
            throw new IllegalArgumentException("record of " + record.bytes().length + " bytes (expected: at most "
                    + (HistoryFormat.MAX_BODY_BYTES - HistoryFormat.BODY_HEAD_BYTES) + ")");
        }
        ByteBuffer frame = ByteBuffer.allocate(HistoryFormat.FRAME_BYTES + length);
        frame.putInt(HistoryFormat.MARK).putInt(length).putInt(0);
        frame.put(record.kind().code()).putInt(record.source()).putLong(record.offset());
        frame.put(record.bytes());
        ByteBuffer body = frame.duplicate().flip().position(HistoryFormat.FRAME_BYTES);
        frame.putInt(8, HistoryFormat.checksum(length, body));
        put(frame);
        records++;
    }

    private void put(ByteBuffer content) throws IOException {
        out.write(content.array(), content.arrayOffset(), content.position());
        bytes += content.position();
    }

    /** Records written so far. */
    public long records() {
        return records;
    }

    /** Bytes written so far, header included. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
