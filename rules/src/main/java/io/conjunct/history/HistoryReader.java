// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

import static java.nio.file.StandardOpenOption.READ;

import io.conjunct.history.HistoryRecord.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recorded file, record by record. A damaged record is left out, and reading goes on at the next good one: what
 * was left out is in {@link #damage()}. Not thread-safe. Memory: one record and a buffer of 256 KiB.
 */
public final class HistoryReader implements Closeable {
    private static final Kind[] KINDS = Kind.values();

    private final FileChannel channel;
    private final long size;
    private final int sources;
    private final int version;
    private ByteBuffer window = ByteBuffer.allocate(1 << 18).limit(0);
    /** Position in the file of the window's first byte. */
    private long windowStart;

    private long position = HistoryFormat.HEADER_BYTES;
    private Damage damage = Damage.NONE;

    private HistoryReader(FileChannel channel, int version, int sources) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        this.version = version;
        this.sources = sources;
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws HistoryException when it is not a recording, or one of a later version
     */
    public static HistoryReader open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, READ);
        try {
            ByteBuffer header = ByteBuffer.allocate(HistoryFormat.HEADER_BYTES);
            while (header.hasRemaining() && channel.read(header, header.position()) > 0) {}
            if (header.hasRemaining() || header.getLong(0) != HistoryFormat.MAGIC) {
                throw new HistoryException(
                        file + " is not a recorded file (expected: one that `conjunct record` wrote)");
            }
            if (HistoryFormat.checksum(header.duplicate().position(0).limit(16)) != header.getInt(16)) {
                throw new HistoryException(file + ": the header is damaged (bytes 0 to 19); record again");
            }
            if (header.getInt(8) != HistoryFormat.VERSION) {
                throw new HistoryException(file + " has version " + header.getInt(8) + " (this build reads version "
                        + HistoryFormat.VERSION + ")");
            }
            return new HistoryReader(channel, header.getInt(8), header.getInt(12));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Partitions of the event log it was recorded from. */
    public int sources() {
        return sources;
    }

    public int version() {
        return version;
    }

    /** Bytes of the file. */
    public long size() {
        return size;
    }

    /** Bytes read so far: where the next record begins. */
    public long position() {
        return position;
    }

    /** What has been left out so far; complete once {@link #next()} has returned null. */
    public Damage damage() {
        return damage;
    }

    /** The next good record; null at the end. */
    public @Nullable HistoryRecord next() throws IOException {
        HistoryRecord record = at(position);
        if (record != null) {
            position += length(record);
            return record;
        }
        return position >= size ? null : recover();
    }

    /** Looks for the next good record behind a bad one. */
    private @Nullable HistoryRecord recover() throws IOException {
        long bad = position;
        for (long start = bad + 1; start + HistoryFormat.FRAME_BYTES <= size; start++) {
            HistoryRecord record = at(start);
            if (record != null) {
                damage = damage.plus(new Damage(1, start - bad, bad, -1));
                position = start + length(record);
                return record;
            }
        }
        position = size;
        damage = damage.plus(new Damage(0, size - bad, bad, bad));
        return null;
    }

    private static long length(HistoryRecord record) {
        return HistoryFormat.FRAME_BYTES + HistoryFormat.BODY_HEAD_BYTES + (long) record.bytes().length;
    }

    /** The record that begins at a position; null when none that is whole does. */
    private @Nullable HistoryRecord at(long start) throws IOException {
        if (!load(start, HistoryFormat.FRAME_BYTES)) {
            return null;
        }
        int offset = (int) (start - windowStart);
        int length = window.getInt(offset + 4);
        if (window.getInt(offset) != HistoryFormat.MARK
                || length < HistoryFormat.BODY_HEAD_BYTES
                || length > HistoryFormat.MAX_BODY_BYTES) {
            return null;
        }
        int checksum = window.getInt(offset + 8);
        if (!load(start, HistoryFormat.FRAME_BYTES + length)) {
            return null;
        }
        int body = (int) (start - windowStart) + HistoryFormat.FRAME_BYTES;
        ByteBuffer content = window.duplicate().limit(body + length).position(body);
        if (HistoryFormat.checksum(length, content.duplicate()) != checksum) {
            return null;
        }
        int kind = content.get();
        int source = content.getInt();
        long recordOffset = content.getLong();
        if (kind < 0 || kind >= KINDS.length || source < 0 || source >= sources || recordOffset < 0) {
            return null;
        }
        byte[] payload = new byte[content.remaining()];
        content.get(payload);
        return new HistoryRecord(KINDS[kind], source, recordOffset, payload);
    }

    /** Brings a stretch of the file into the window; false when the file ends before. */
    private boolean load(long start, int length) throws IOException {
        if (start >= windowStart && start + length <= windowStart + window.limit()) {
            return true;
        }
        if (start + length > size) {
            return false;
        }
        if (window.capacity() < length) {
            window = ByteBuffer.allocate(Math.max(length, 1 << 18));
        }
        window.clear();
        while (window.hasRemaining() && channel.read(window, start + window.position()) > 0) {}
        window.flip();
        windowStart = start;
        return window.limit() >= length;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
