// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.Bytes.Body;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks a body, once: what is packed twice is not telemetry. A body that unpacks to more than 4 MiB may not be more
 * than {@value #MAX_RATIO} times as long as it was.
 */
final class Gunzip {
    private static final long FREE_OF_RATIO = 4 * 1024 * 1024;
    private static final int MAX_RATIO = 100;
    private static final long TRUSTED = 1024 * 1024;

    private Gunzip() {}

    /** @throws IOException when it is not gzip, or damaged */
    static Body unpack(Body packed, Sender sender, Bytes bytes) throws IOException, TooLongException, NoRoomException {
        byte[] raw = packed.bytes();
        int length = packed.length();
        long most = Math.max(FREE_OF_RATIO, (long) length * MAX_RATIO);
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(raw, 0, length), 8 * 1024)) {
            return bytes.readAll(sender, plain, Math.min(announced(raw, length), TRUSTED), most);
        }
    }

    /** What the end of a gzip member says of its length; no more than a hint, believed up to {@value #TRUSTED} bytes. */
    private static long announced(byte[] raw, int length) {
        return length < Integer.BYTES
                ? 0
                : Integer.toUnsignedLong(
                        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).getInt(length - Integer.BYTES));
    }
}
