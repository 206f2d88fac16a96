// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns slices of a request into words, handing out the same word for the same bytes as long as it stays in a direct-mapped
 * table of {@value #SLOTS} slots: telemetry repeats itself. A newcomer takes the slot of whoever was there, so memory is
 * bounded whatever is sent. Words follow each other as they did before, so the one that came next last time is compared
 * first, and most are not even hashed. Malformed UTF-8 becomes U+FFFD. Not thread-safe.
 */
final class Interner {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final byte[] NOTHING = {};
    private static final int SLOTS = 4_096;

    /** Longer values are rarely repeated. */
    private static final int LONGEST = 128;

    private final Word[] words = new Word[SLOTS];
    private Word last = new Word(NOTHING, "");

    Interner() {
        Arrays.fill(words, last);
    }

    /** Words stay; what they mean as names is asked anew. */
    void forgetNames() {
        for (Word each : words) {
            each.name = null;
        }
        last.name = null;
    }

    /** The text that follows. */
    String string(Cursor in) throws MalformedRequestException {
        int length = in.pass();
        return word(in.body, in.at - length, length).text;
    }

    Word word(byte[] source, int from, int length) {
        Word guess = words[last.next];
        if (guess.bytes.length == length && isAt(source, from, guess.bytes)) {
            last = guess;
            return guess;
        }
        return length <= LONGEST
                ? lookUp(source, from, length)
                : new Word(NOTHING, new String(source, from, length, StandardCharsets.UTF_8));
    }

    private Word lookUp(byte[] source, int from, int length) {
        int slot = slot(source, from, length);
        Word found = words[slot];
        if (found.bytes.length != length || !isAt(source, from, found.bytes)) {
            found = new Word(
                    Arrays.copyOfRange(source, from, from + length),
                    new String(source, from, length, StandardCharsets.UTF_8));
            words[slot] = found;
        }
        last.next = slot;
        last = found;
        return found;
    }

    /** Eight bytes at a time; the last eight may have been compared in part. */
    private static boolean isAt(byte[] source, int from, byte[] word) {
        int last = word.length - Long.BYTES;
        if (last < 0) {
            return isShortAt(source, from, word);
        }
        for (int i = 0; i < last; i += Long.BYTES) {
            if ((long) LONGS.get(word, i) != (long) LONGS.get(source, from + i)) {
                return false;
            }
        }
        return (long) LONGS.get(word, last) == (long) LONGS.get(source, from + last);
    }

    private static boolean isShortAt(byte[] source, int from, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (word[i] != source[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] source, int from, int length) {
        long hash = length;
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            hash = hash * SPREAD + (long) LONGS.get(source, from + i);
        }
        for (; i < length; i++) {
            hash = hash * 31 + source[from + i];
        }
        hash *= SPREAD;
        return (int) ((hash ^ hash << 29) >>> 52);
    }
}
