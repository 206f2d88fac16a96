// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.Bytes.Body;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Unpacks a body, once: what is packed twice is not telemetry. A body that unpacks to more than 4 MiB may not be more
 * than {@value #MAX_RATIO} times as long as it was.
 */
final class Gunzip {
    private static final long FREE_OF_RATIO = 4 * 1024 * 1024;
    private static final int MAX_RATIO = 100;
    private static final long TRUSTED = 1024 * 1024;
    private static final int PIECE = 8 * 1024;

    private Gunzip() {}

    /**
     * The body in plain, to be released once.
     *
     * @param files where it may go
     * @throws ZipException when it is not gzip
     * @throws EOFException when it ends too early
     */
    static ArrivingBody unpack(ArrivingBody packed, Sender sender, Bytes bytes, LargeBodies files)
            throws IOException, TooLongException, NoRoomException {
        long most = Math.max(FREE_OF_RATIO, packed.length() * MAX_RATIO);
        long expected = packed.isLarge() ? TRUSTED : Math.min(announced(packed.inMemory()), TRUSTED);
        ArrivingBody plain = new ArrivingBody(sender, bytes, files, -1);
        boolean done = false;
        try (GZIPInputStream in = open(packed.read())) {
            plain.readAll(in, expected, most);
            done = true;
        } finally {
            if (!done) {
                plain.release();
            }
        }
        return plain;
    }

    /**
     * The same for one that stays in memory.
     *
     * @param most bytes in plain
     */
    static Body unpack(Body packed, Sender sender, Bytes bytes, long most)
            throws IOException, TooLongException, NoRoomException {
        try (GZIPInputStream in = open(new ByteArrayInputStream(packed.bytes(), 0, packed.length()))) {
            return bytes.readAll(sender, in, Math.min(announced(packed), TRUSTED), most);
        }
    }

    private static GZIPInputStream open(InputStream packed) throws IOException {
        return new GZIPInputStream(packed, PIECE);
    }

    /** What the end of a gzip member says of its length; no more than a hint, believed up to {@value #TRUSTED} bytes. */
    private static long announced(Body packed) {
        int end = packed.length() - Integer.BYTES;
        return end < 0
                ? 0
                : Integer.toUnsignedLong(ByteBuffer.wrap(packed.bytes())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt(end));
    }
}
