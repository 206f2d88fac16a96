// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.Word.Sort;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns slices of a request into words, handing out the same word for the same bytes as long as it stays in a table of
 * {@value #SLOTS} slots: telemetry repeats itself. A newcomer takes the slot of whoever was there, so memory is bounded
 * whatever is sent. Records of the same name mostly have the same attributes one after the other, so the word that
 * stood in this place last time is compared first, and most are not even hashed. Malformed UTF-8 becomes U+FFFD. Not
 * thread-safe.
 */
final class Words {
    /** Longer words are rarely repeated. */
    static final int LONGEST = 128;

    static final short[] NONE_FORESEEN = {};

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int SLOTS = 4_096;

    /** Later attributes of a record are not foreseen. */
    private static final int FORESEEN = 32;

    private final Word[] words = new Word[SLOTS];
    private final Word nothing = Word.text(new byte[0], "");
    private Word lastText = nothing;
    private short[] foreseen = NONE_FORESEEN;
    private int position;

    Words() {
        forget();
    }

    void forget() {
        Arrays.fill(words, nothing);
        lastText = nothing;
        begin(nothing);
    }

    /** The text that follows. */
    String string(Cursor in) throws MalformedRequestException {
        return text(in).text;
    }

    /** The text that follows, as a word. */
    Word text(Cursor in) throws MalformedRequestException {
        int length = in.pass();
        return text(in.body, in.at - length, length);
    }

    Word text(byte[] source, int from, int length) {
        Word last = lastText;
        if (last.bytes.length == length && isAt(source, from, last.bytes)) {
            return last;
        }
        if (length > LONGEST) {
            return Word.text(nothing.bytes, decoded(source, from, length));
        }
        int slot = slot(Sort.TEXT, source, from, length);
        Word found = words[slot];
        if (!isWord(found, Sort.TEXT, source, from, length)) {
            found = Word.text(Arrays.copyOfRange(source, from, from + length), decoded(source, from, length));
            words[slot] = found;
        }
        lastText = found;
        return found;
    }

    static String decoded(byte[] source, int from, int length) {
        return new String(source, from, length, StandardCharsets.UTF_8);
    }

    /** No text. */
    Word nothing() {
        return nothing;
    }

    /** The attributes that follow are those of a resource. */
    void beginResource() {
        begin(nothing);
    }

    /** The attributes that follow are those of a record of this name. */
    void begin(Word name) {
        if (name.attributes == NONE_FORESEEN) {
            name.attributes = new short[FORESEEN];
        }
        foreseen = name.attributes;
        position = 0;
    }

    /** The attribute that was in this place last time. */
    Word guess() {
        return position < FORESEEN ? words[foreseen[position]] : nothing;
    }

    /** The guess was right. */
    void accept() {
        position++;
    }

    /** The attribute in this place is another one. */
    void correct(int slot) {
        if (position < FORESEEN) {
            foreseen[position++] = (short) slot;
        }
    }

    /** The word in this slot when it is the one that the slot was looked up for. */
    @Nullable
    Word at(int slot, Sort sort, byte[] source, int from, int length) {
        Word found = words[slot];
        return isWord(found, sort, source, from, length) ? found : null;
    }

    private static boolean isWord(Word word, Sort sort, byte[] source, int from, int length) {
        return word.sort == sort && word.bytes.length == length && isAt(source, from, word.bytes);
    }

    void put(int slot, Word word) {
        words[slot] = word;
    }

    /** Eight bytes at a time; the last eight may have been compared in part. The source is long enough. */
    static boolean isAt(byte[] source, int from, byte[] word) {
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

    /** Where this word is, or else may be put: one of two places, so that two words do not take turns in one. */
    int slot(Sort sort, byte[] source, int from, int length) {
        int first = hash(sort, source, from, length);
        int second = first ^ 1;
        if (isWord(words[first], sort, source, from, length)) {
            return first;
        }
        return isWord(words[second], sort, source, from, length) || words[first] != nothing ? second : first;
    }

    private static int hash(Sort sort, byte[] source, int from, int length) {
        long hash = length * 4L + sort.ordinal();
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
