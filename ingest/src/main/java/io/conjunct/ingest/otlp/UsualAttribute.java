// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.io.IOException;

/**
 * The way in which all SDKs write an attribute: its key, then its value, each with a length of a byte or two and nothing
 * else around them. Read without a stream over it; what looks otherwise is left to the reader that knows every way. Not
 * thread-safe.
 */
final class UsualAttribute {
    private static final byte FIRST = 10;
    private static final byte SECOND = 18;
    private static final byte TEXT = 10;
    private static final byte BOOL = 16;
    private static final byte INT = 24;
    private static final int LOW = 0x7F;

    private final ProtobufReader reader;
    private final Interner interner;

    UsualAttribute(ProtobufReader reader, Interner interner) {
        this.reader = reader;
        this.interner = interner;
    }

    /**
     * Reads a KeyValue.
     *
     * @return false, and nothing was visited, when it is written in another way
     */
    boolean read(byte[] body, int from, int to, OtlpVisitor visitor) throws IOException {
        if (to - from < 4 || body[from] != FIRST || body[from + 1] < 0) {
            return false;
        }
        int key = from + 2;
        int keyLength = body[from + 1];
        int value = key + keyLength;
        if (to - value < 2 || body[value] != SECOND) {
            return false;
        }
        int length = body[value + 1];
        value += 2;
        if (length < 0) {
            if (value == to || body[value] < 0) {
                return false;
            }
            length = (length & LOW) | (body[value++] << 7);
        }
        if (value + length != to) {
            return false;
        }
        String name = interner.string(body, key, keyLength);
        if (visitor.wants(name)) {
            value(name, body, value, length, visitor);
        }
        return true;
    }

    private void value(String key, byte[] body, int from, int length, OtlpVisitor visitor) throws IOException {
        byte type = length < 2 ? 0 : body[from];
        int second = length < 2 ? -1 : body[from + 1];
        if (type == TEXT && second == length - 2) {
            visitor.attribute(key, interner.string(body, from + 2, second));
        } else if (type == BOOL && length == 2 && second >= 0) {
            visitor.attribute(key, second != 0);
        } else if (type == INT && length == 2 && second >= 0) {
            visitor.attribute(key, (long) second);
        } else if (type == INT && length == 3 && second < 0 && body[from + 2] >= 0) {
            visitor.attribute(key, (long) ((second & LOW) | (body[from + 2] << 7)));
        } else {
            reader.value(key, reader.slice(from, length), from, visitor);
        }
    }
}
