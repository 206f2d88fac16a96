// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a batch in a segment, {@value #BYTES} bytes, big-endian: marker, length, ordinal, receive time, number
 * of events, CRC32C of the batch, CRC32C of the 32 bytes before. Two checks, because a damaged batch still tells how many
 * events were lost and where the next record is, and a damaged header does not.
 *
 * @param length of the batch in bytes, 1 to {@value #MAX_LENGTH}
 * @param ordinal number of the record, rising by one over the life of the spool
 * @param millis when it was appended, Unix milliseconds
 * @param events in the batch
 * @param checksum of the batch
 */
record Frame(int length, long ordinal, long millis, int events, int checksum) {
    static final int BYTES = 36;
    static final int MARKER = 0x434A5350;
    static final int MAX_LENGTH = 4 * 1024 * 1024;
    private static final int CHECKED = 32;

    static Frame of(byte[] batch, long ordinal, long millis, int events) {
        return new Frame(batch.length, ordinal, millis, events, checksum(batch));
    }

    static int checksum(byte[] batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch, 0, batch.length);
        return (int) crc.getValue();
    }

    /** Puts it into an array of {@value #BYTES} bytes. */
    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .putInt(MARKER)
                .putInt(length)
                .putLong(ordinal)
                .putLong(millis)
                .putInt(events)
                .putInt(checksum);
        return bytes.putInt(headerChecksum(bytes.array(), 0)).flip();
    }

    /** The frame at this place; null when there is none. */
    static @Nullable Frame decode(byte[] bytes, int at) {
        ByteBuffer in = ByteBuffer.wrap(bytes, at, BYTES);
        if (in.getInt() != MARKER) {
            return null;
        }
        Frame frame = new Frame(in.getInt(), in.getLong(), in.getLong(), in.getInt(), in.getInt());
        boolean sound = in.getInt() == headerChecksum(bytes, at)
                && frame.length > 0
                && frame.length <= MAX_LENGTH
                && frame.events >= 0;
        return sound ? frame : null;
    }

    private static int headerChecksum(byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, CHECKED);
        return (int) crc.getValue();
    }

    /** Of frame and batch. */
    long totalBytes() {
        return BYTES + (long) length;
    }
}
