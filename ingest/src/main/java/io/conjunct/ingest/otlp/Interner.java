// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns slices of a request into strings, handing out the same string for the same bytes as long as it stays in a
 * direct-mapped table of {@value #SLOTS} slots: telemetry repeats its words. A newcomer takes the slot of whoever was
 * there, so memory is bounded whatever is sent. Words follow each other as they did before, so the one that came next last
 * time is compared first, and most words are not even hashed. Malformed UTF-8 becomes U+FFFD. Not thread-safe.
 */
final class Interner {
    private static final int SLOTS = 4_096;

    /** Longer values are rarely repeated. */
    private static final int LONGEST = 128;

    private static final byte[] EMPTY = {};
    private final byte[][] bytes = new byte[SLOTS][];
    private final String[] strings = new String[SLOTS];
    private final short[] next = new short[SLOTS];
    private int last;

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
        int guess = next[last];
        if (isAt(guess, source, from, length)) {
            last = guess;
            return strings[guess];
        }
        int slot = slot(source, from, length);
        next[last] = (short) slot;
        last = slot;
        if (!isAt(slot, source, from, length)) {
            strings[slot] = new String(source, from, length, StandardCharsets.UTF_8);
            bytes[slot] = Arrays.copyOfRange(source, from, from + length);
        }
        return strings[slot];
    }

    private boolean isAt(int slot, byte[] source, int from, int length) {
        byte[] known = bytes[slot];
        return known.length == length && Arrays.equals(known, 0, length, source, from, from + length);
    }

    private static int slot(byte[] source, int from, int length) {
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = hash * 31 + source[i];
        }
        return (hash * 0x9E3779B9) >>> 20;
    }
}
