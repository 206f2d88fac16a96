// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The layout of a recorded file ({@code .events}), all numbers big-endian.
 *
 * <pre>
 * file    = header record*
 * header  = magic (8 bytes "cjevents"), version (int), sources (int), CRC32C of the 16 bytes before (int)
 * record  = mark (int), length of body (int), CRC32C of length and body (int), body
 * body    = kind (byte: 0 batch, 1 rules), source (int), offset (long), payload
 * </pre>
 *
 * The mark lets a reader find the next record behind a damaged one.
 */
final class HistoryFormat {
    static final long MAGIC = 0x636a_6576_656e_7473L;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 20;
    static final int FRAME_BYTES = 12;
    static final int BODY_HEAD_BYTES = 13;
    static final int MARK = 0xC0_4A_52_31;

    /** A rule update may be this large; batches are far smaller. */
    static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

    static final int MAX_SOURCES = 100_000;

    private HistoryFormat() {}

    static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** The checksum of a record: its length, then its body. */
    static int checksum(int length, ByteBuffer body) {
        CRC32C crc = new CRC32C();
        crc.update(length >>> 24);
        crc.update(length >>> 16);
        crc.update(length >>> 8);
        crc.update(length);
        crc.update(body);
        return (int) crc.getValue();
    }
}
