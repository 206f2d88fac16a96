// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The two numbers that outlive a process: up to where Kafka has everything, and the epoch. Kept twice in one small file
 * and written in turns, so that one copy is always whole; needs no further space, so it works on a full disk. A position
 * that is too low costs only that batches are sent again, which is recognised downstream, so it is not synced.
 */
final class SpoolState implements AutoCloseable {
    private static final int SLOT = 32;
    private static final int CHECKED = 24;

    private final FileChannel channel;
    private long turn;
    private long position;
    private long epoch;

    SpoolState(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        for (int slot = 0; slot < 2; slot++) {
            read(slot);
        }
    }

    private void read(int slot) throws IOException {
        byte[] array = new byte[SLOT];
        ByteBuffer bytes = ByteBuffer.wrap(array);
        while (bytes.hasRemaining() && channel.read(bytes, (long) slot * SLOT + bytes.position()) >= 0) {}
        if (bytes.hasRemaining() || bytes.getInt(CHECKED) != checksum(array) || bytes.getLong(0) <= turn) {
            return;
        }
        turn = bytes.getLong(0);
        position = bytes.getLong(8);
        epoch = bytes.getLong(16);
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKED);
        return (int) crc.getValue();
    }

    /** The ordinal of the first record that Kafka may not have. */
    long position() {
        return position;
    }

    /** The epoch of the last start; 0 when there was none. */
    long epoch() {
        return epoch;
    }

    void position(long newPosition) throws IOException {
        position = newPosition;
        write();
    }

    /** Durable when it returns. */
    void epoch(long newEpoch) throws IOException {
        epoch = newEpoch;
        write();
        write();
        channel.force(true);
    }

    private void write() throws IOException {
        turn++;
        byte[] array = new byte[SLOT];
        ByteBuffer bytes =
                ByteBuffer.wrap(array).putLong(turn).putLong(position).putLong(epoch);
        bytes.putInt(checksum(array)).putInt(0).flip();
        long at = turn % 2 * SLOT;
        while (bytes.hasRemaining()) {
            channel.write(bytes, at + bytes.position());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
