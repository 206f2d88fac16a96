// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import org.jspecify.annotations.Nullable;

/**
 * Reads KeyValue messages. Most bytes of a request are attributes that nobody wants, written as all SDKs write them: the
 * key, then the value, each with a length of a byte or two and nothing else around them. These have a short way; what looks
 * otherwise takes the way that knows every way. Not thread-safe.
 */
final class ProtobufAttributes {
    private static final byte KEY = 10;
    private static final byte VALUE = 18;
    private static final byte TEXT = 10;
    private static final byte BOOL = 16;
    private static final byte INT = 24;
    private static final byte DOUBLE = 33;
    private static final int LOW = 0x7F;

    private final Interner interner;
    private @Nullable OtlpVisitor served;
    private int names;

    ProtobufAttributes(Interner interner) {
        this.interner = interner;
    }

    /** From here on for this visitor, and for names as it now understands them. */
    void serve(OtlpVisitor visitor) {
        if (visitor != served || visitor.names() != names) {
            served = visitor;
            names = visitor.names();
            interner.forgetNames();
        }
    }

    /** Reads the attribute that follows. */
    void read(Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        int outer = in.enter();
        int value = usualValue(in);
        if (value < 0) {
            keyValue(in, visitor);
        } else {
            int key = in.at + 2;
            AttributeName name = name(interner.word(in.body, key, in.body[key - 1]), visitor);
            if (visitor.wants(name)) {
                in.at = value;
                value(name, in, visitor);
            }
            in.at = in.limit;
        }
        in.leave(outer);
    }

    private static AttributeName name(Word word, OtlpVisitor visitor) {
        AttributeName name = word.name;
        if (name == null) {
            name = visitor.name(word.text);
            word.name = name;
        }
        return name;
    }

    /** Where the value begins that fills the rest of the message; negative when the message is written in another way. */
    private static int usualValue(Cursor in) {
        byte[] body = in.body;
        int from = in.at;
        int to = in.limit;
        if (to - from < 4 || body[from] != KEY || body[from + 1] < 0) {
            return -1;
        }
        int value = from + 2 + body[from + 1];
        if (to - value < 2 || body[value] != VALUE) {
            return -1;
        }
        int length = body[value + 1];
        value += 2;
        if (length < 0) {
            if (value == to || body[value] < 0) {
                return -1;
            }
            length = (length & LOW) | (body[value++] << 7);
        }
        return value + length == to ? value : -1;
    }

    /** 1 key, 2 AnyValue; a value that stands before its key is read when the key is known. */
    private void keyValue(Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        AttributeName name = null;
        int valueFrom = -1;
        int valueTo = 0;
        boolean done = false;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag == KEY) {
                int length = in.pass();
                name = name(interner.word(in.body, in.at - length, length), visitor);
            } else if (tag == VALUE) {
                int outer = in.enter();
                if (name != null && !done && visitor.wants(name)) {
                    value(name, in, visitor);
                } else {
                    valueFrom = in.at;
                    valueTo = in.limit;
                    in.at = in.limit;
                }
                in.leave(outer);
                done = name != null;
            } else {
                in.skip(tag);
            }
        }
        if (!done && name != null && visitor.wants(name)) {
            if (valueFrom < 0) {
                visitor.attributeWithoutScalar(name);
            } else {
                int outer = in.limit;
                in.at = valueFrom;
                in.limit = valueTo;
                value(name, in, visitor);
                in.at = outer;
                in.limit = outer;
            }
        }
    }

    /** An AnyValue: 1 string, 2 bool, 3 int, 4 double; the others are not scalars. */
    private void value(AttributeName name, Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        boolean found = false;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (found) {
                in.skip(tag);
                continue;
            }
            found = true;
            switch (tag) {
                case TEXT -> visitor.attribute(name, interner.string(in));
                case BOOL -> visitor.attribute(name, in.bool());
                case INT -> visitor.attribute(name, in.varint64());
                case DOUBLE -> visitor.attribute(name, in.real());
                default -> {
                    found = false;
                    in.skip(tag);
                }
            }
        }
        if (!found) {
            visitor.attributeWithoutScalar(name);
        }
    }
}
