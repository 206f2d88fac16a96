// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a segment in order and finds the next one behind whatever is not a record. Never throws for
 * what is in the file. Has a channel of its own. Not thread-safe.
 */
final class SegmentReader implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    private final FileChannel channel;
    private final byte[] header = new byte[Frame.BYTES];
    private long offset;
    private long frameOffset;

    SegmentReader(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    /** Where the next record begins, as far as is known. */
    long offset() {
        return offset;
    }

    /**
     * Goes to the next record; the bytes between are skipped when they are not one.
     *
     * @param end as if the file ended here
     * @return null when there is none before {@code end}; the place is kept then
     */
    @Nullable
    Frame next(long end) throws IOException {
        Frame frame = frameAt(offset, end);
        long at = offset;
        if (frame == null && end - offset > Frame.BYTES) {
            at = search(offset + 1, end);
            frame = at < 0 ? null : frameAt(at, end);
        }
        if (frame == null) {
            return null;
        }
        frameOffset = at;
        offset = at + frame.totalBytes();
        return frame;
    }

    /** The batch of the frame that {@link #next} gave last; null when it is damaged. */
    byte @Nullable [] batch(Frame frame) throws IOException {
        byte[] batch = new byte[frame.length()];
        boolean whole = readFully(batch, frameOffset + Frame.BYTES, batch.length);
        return whole && Frame.checksum(batch) == frame.checksum() ? batch : null;
    }

    private @Nullable Frame frameAt(long at, long end) throws IOException {
        if (end - at < Frame.BYTES || !readFully(header, at, Frame.BYTES)) {
            return null;
        }
        Frame frame = Frame.decode(header, 0);
        return frame != null && at + frame.totalBytes() <= end ? frame : null;
    }

    /** The first place from here on where a sound frame stands; -1 when there is none. */
    private long search(long from, long end) throws IOException {
        byte[] chunk = new byte[CHUNK + Frame.BYTES];
        for (long at = from; at + Frame.BYTES <= end; at += CHUNK) {
            int length = (int) Math.min(chunk.length, end - at);
            if (!readFully(chunk, at, length)) {
                return -1;
            }
            for (int i = 0; i + Frame.BYTES <= length && i < CHUNK; i++) {
                if (chunk[i] == (byte) (Frame.MARKER >>> 24)) {
                    Frame frame = Frame.decode(chunk, i);
                    if (frame != null && at + i + frame.totalBytes() <= end) {
                        return at + i;
                    }
                }
            }
        }
        return -1;
    }

    private boolean readFully(byte[] into, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
