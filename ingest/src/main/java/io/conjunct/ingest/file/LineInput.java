// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.file;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, gzip or not: bytes between line feeds, at most {@value #MAX_LINE} each. Not thread-safe. A gzip
 * file that ends too early or is damaged ends there; {@link #broken()} says why.
 */
final class LineInput implements Closeable {
    static final int MAX_LINE = 256 * 1024 * 1024;

    private static final int BUFFER = 1 << 17;
    private static final int GZIP_MAGIC = 0x1f8b;

    private final Counting file;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int limit;
    private long line;
    private String broken = "";

    private LineInput(Counting file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    static LineInput open(Path path) throws IOException {
        Counting file = new Counting(Files.newInputStream(path));
        try {
            BufferedInputStream buffered = new BufferedInputStream(file, BUFFER);
            buffered.mark(2);
            boolean gzip = (buffered.read() << 8 | buffered.read()) == GZIP_MAGIC;
            buffered.reset();
            return new LineInput(file, gzip ? new GZIPInputStream(buffered, BUFFER) : buffered);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Number of the line that {@link #next()} returned last; the first is 1. */
    long line() {
        return line;
    }

    /** Bytes of the file itself that were read so far. */
    long position() {
        return file.count;
    }

    /** Why the rest of the file could not be read; empty when it could. */
    String broken() {
        return broken;
    }

    /**
     * The next line without its end; null when there is none.
     *
     * @throws IOException when the file cannot be read, or a line is too long
     */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream parts = null;
        while (true) {
            if (next == limit && !fill()) {
                return parts == null ? null : counted(parts.toByteArray());
            }
            int end = next;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            boolean whole = end < limit;
            if (whole && parts == null) {
                byte[] found = Arrays.copyOfRange(buffer, next, end);
                next = end + 1;
                return counted(found);
            }
            parts = parts == null ? new ByteArrayOutputStream(2 * BUFFER) : parts;
            parts.write(buffer, next, end - next);
            next = whole ? end + 1 : end;
            if (parts.size() > MAX_LINE) {
                throw new IOException("line " + (line + 1) + " is longer than " + (MAX_LINE >> 20) + " MiB");
            }
            if (whole) {
                return counted(parts.toByteArray());
            }
        }
    }

    private byte[] counted(byte[] found) {
        line++;
        return found;
    }

    private boolean fill() throws IOException {
        next = 0;
        try {
            limit = Math.max(0, in.read(buffer));
        } catch (EOFException | ZipException e) {
            limit = 0;
            broken = "the gzip stream is cut off or damaged after line " + line;
        }
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Counts what is read of the file below the decompression. */
    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
