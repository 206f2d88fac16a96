// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.otlp.Signal;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/**
 * What a request body is known by again: its length, and a CRC32C of each half, which no difference within four bytes
 * escapes, and hardly two bodies share that differ all over, as in ids and times; with what sets equal bodies of different
 * signals and encodings apart. Told apart is what differs by chance; a client that took pains to send two bodies with one
 * hash would lose what itself had sent.
 */
record BodyHash(Signal signal, boolean json, long length, int firstHalf, int secondHalf) {
    private static final int BLOCK = 16 * 1024;

    /** The hash of a body, which may be followed by other bytes. */
    static BodyHash of(Signal signal, boolean json, byte[] body, int length) {
        int half = length / 2;
        return new BodyHash(signal, json, length, crc(body, 0, half), crc(body, half, length - half));
    }

    /**
     * The same of a body that is read from its beginning to its end.
     *
     * @throws EOFException when it is shorter
     */
    static BodyHash of(Signal signal, boolean json, InputStream body, long length) throws IOException {
        long half = length / 2;
        return new BodyHash(signal, json, length, crc(body, half), crc(body, length - half));
    }

    private static int crc(byte[] body, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(body, from, length);
        return (int) crc.getValue();
    }

    private static int crc(InputStream body, long length) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] block = new byte[BLOCK];
        long left = length;
        while (left > 0) {
            int read = body.readNBytes(block, 0, (int) Math.min(BLOCK, left));
            if (read == 0) {
                throw new EOFException(left + " bytes of the body are missing");
            }
            crc.update(block, 0, read);
            left -= read;
        }
        return (int) crc.getValue();
    }

    /** Of what is a hash already; the one that Java would make is linked in the midst of a sidecar's first answer. */
    @Override
    public int hashCode() {
        return firstHalf ^ secondHalf * 31;
    }
}
