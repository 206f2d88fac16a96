// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns slices of a request into strings, handing out the same string for the same bytes as long as it stays in a
 * direct-mapped table of {@value #SLOTS} slots: telemetry repeats its words. A newcomer takes the slot of whoever was
 * there, so memory is bounded whatever is sent. Malformed UTF-8 becomes U+FFFD. Not thread-safe.
 */
final class Interner {
    private static final int SLOTS = 4_096;

    /** Longer values are rarely repeated. */
    private static final int LONGEST = 128;

    private static final byte[] EMPTY = {};
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final byte[][] bytes = new byte[SLOTS][];
    private final String[] strings = new String[SLOTS];

    Interner() {
        Arrays.fill(bytes, EMPTY);
        Arrays.fill(strings, "");
    }

    String string(byte[] source, int from, int length) {
        if (length == 0) {
            return "";
        }
        if (length > LONGEST) {
            return new String(source, from, length, StandardCharsets.UTF_8);
        }
        int slot = slot(source, from, length);
        byte[] known = bytes[slot];
        String string = strings[slot];
        if (Arrays.equals(known, 0, known.length, source, from, from + length)) {
            return string;
        }
        string = new String(source, from, length, StandardCharsets.UTF_8);
        bytes[slot] = Arrays.copyOfRange(source, from, from + length);
        strings[slot] = string;
        return string;
    }

    private static int slot(byte[] source, int from, int length) {
        long hash = length * MIX;
        int i = from;
        int end = from + length;
        for (; i + 8 <= end; i += 8) {
            hash = Long.rotateLeft(hash ^ (long) LONGS.get(source, i), 29) * MIX;
        }
        long tail = 0;
        for (; i < end; i++) {
            tail = tail << 8 | (source[i] & 0xFF);
        }
        hash = (hash ^ tail) * MIX;
        return (int) (hash >>> 52);
    }
}
