// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file of the spool, named after the ordinal of its first record, and what is known of it. Fields are guarded by the
 * spool's lock; the file is written by its writer thread only.
 */
final class Segment {
    private static final String SUFFIX = ".spool";

    final Path file;
    final long base;

    /** Ordinal after the last durable record. */
    long end;

    /** Durable bytes. */
    long bytes;

    long lastMillis = Long.MAX_VALUE;

    private @Nullable FileChannel channel;
    private long written;

    Segment(Path file, long base) {
        this.file = file;
        this.base = base;
        this.end = base;
    }

    static Segment create(Path directory, long base) throws IOException {
        Segment segment = new Segment(directory.resolve(String.format("%019d%s", base, SUFFIX)), base);
        segment.channel = FileChannel.open(
                segment.file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        return segment;
    }

    /** The first ordinal that a file name stands for; empty when the file is not a segment. */
    static Optional<Long> base(Path file) {
        String name = file.getFileName().toString();
        if (!name.matches("\\d{19}\\.spool")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
    }

    /** Bytes including those that are not durable yet. */
    long written() {
        return written;
    }

    void write(Frame frame, byte[] batch) throws IOException {
        ByteBuffer[] parts = {frame.encode(), ByteBuffer.wrap(batch)};
        FileChannel out = open();
        while (parts[1].hasRemaining()) {
            out.write(parts);
        }
        written += frame.totalBytes();
    }

    void sync() throws IOException {
        open().force(false);
    }

    /** Takes back what is not durable. */
    void cut() throws IOException {
        open().truncate(bytes);
        open().position(bytes);
        written = bytes;
    }

    private FileChannel open() throws IOException {
        if (channel == null) {
            throw new IOException("the segment is closed");
        }
        return channel;
    }

    void closeFile() throws IOException {
        FileChannel out = channel;
        channel = null;
        if (out != null) {
            out.close();
        }
    }
}
