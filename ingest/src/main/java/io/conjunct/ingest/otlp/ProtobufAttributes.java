// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.AttributeName.Reading;
import io.conjunct.ingest.otlp.Word.Sort;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads KeyValue messages. Most bytes of a request are attributes, written as all SDKs write them: the key, then the value,
 * each with a length of a byte or two and nothing else around them; and most of them were there before, one after the other
 * as now. So the attribute that came next last time is compared first: up to its value when that is not read or is read
 * anew, as a whole when its value is one of a few words. What is not as it was before, or looks otherwise, takes the way
 * that knows every way. Not thread-safe.
 */
final class ProtobufAttributes {
    private static final byte KEY = 10;
    private static final byte VALUE = 18;
    private static final byte TEXT = 10;
    private static final byte BOOL = 16;
    private static final byte INT = 24;
    private static final byte DOUBLE = 33;
    private static final byte ARRAY = 42;
    private static final byte MAP = 50;
    private static final byte BYTES = 58;
    private static final int LOW = 0x7F;

    private final Words words;
    private final boolean all;
    private @Nullable OtlpVisitor served;
    private int names;
    private int value;
    private int end;
    private int skipped;
    private int withheld;

    /** @param all whether attributes are read that are skipped elsewhere */
    ProtobufAttributes(Words words, boolean all) {
        this.words = words;
        this.all = all;
    }

    /** From here on for this visitor, and for names as it now understands them. */
    void serve(OtlpVisitor visitor) {
        if (visitor != served || visitor.names() != names) {
            served = visitor;
            names = visitor.names();
            words.forget();
        }
        words.beginResource();
    }

    /** Tells how many attributes were skipped since this was asked last. */
    void tell(OtlpVisitor visitor) {
        visitor.skipped(Reading.SKIPPED, skipped);
        visitor.skipped(Reading.WITHHELD, withheld);
        skipped = 0;
        withheld = 0;
    }

    /** Reads the attribute that follows, and those that follow it at once with this tag. */
    void read(int tag, Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        byte[] body = in.body;
        int limit = in.limit;
        int at = in.at;
        while (true) {
            Word guess = words.guess();
            byte[] known = guess.bytes;
            if (guess.sort == Sort.WHOLE && known.length <= limit - at && Words.isAt(body, at, known)) {
                words.accept();
                at += known.length;
                visitor.attribute(guess.attribute);
            } else if (guess.isPassedOver && beginsWith(known, body, at, limit)) {
                words.accept();
                at = end;
                if (guess.name.reading == Reading.SKIPPED) {
                    skipped++;
                } else {
                    in.at = at;
                    pass(guess.name, in, visitor);
                }
            } else {
                in.at = at;
                unforeseen(in, visitor);
                at = in.at;
            }
            if (at >= limit || body[at] != tag) {
                in.at = at;
                return;
            }
            at++;
        }
    }

    private boolean isInWords(AttributeName name) {
        return name.reading == Reading.TEXT || (all && name.reading != Reading.NUMBER);
    }

    /** Whether the message here begins like this and the rest of it is the value; finds where that is then. */
    private boolean beginsWith(byte[] beginning, byte[] body, int from, int limit) {
        int at = from;
        // Beside it, at most two bytes say how long the message is, and two how long its value.
        if (limit - at < beginning.length + 4) {
            return false;
        }
        int length = body[at++];
        if (length < 0) {
            if (body[at] < 0) {
                return false;
            }
            length = (length & LOW) | (body[at++] << 7);
        }
        int last = at + length;
        return last <= limit
                && length > beginning.length
                && Words.isAt(body, at, beginning)
                && isValue(body, at + beginning.length, last);
    }

    /** Whether a value of a length of a byte or two fills this part; finds where it is then. */
    private boolean isValue(byte[] body, int from, int to) {
        int at = from;
        int length = body[at++];
        if (length < 0) {
            if (at == to || body[at] < 0) {
                return false;
            }
            length = (length & LOW) | (body[at++] << 7);
        }
        value = at;
        end = to;
        return at + length == to;
    }

    /** Passes over the value that was found, or reads it when it may be a number. */
    private void pass(AttributeName name, Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        if (name.reading == Reading.SKIPPED) {
            skipped++;
        } else if (name.reading == Reading.WITHHELD) {
            withheld++;
        } else {
            int outer = in.limit;
            in.at = value;
            in.limit = end;
            number(name, in, visitor);
            in.limit = outer;
        }
        in.at = end;
    }

    /** An attribute that was not the one to be expected. */
    private void unforeseen(Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        int whole = in.at;
        int outer = in.enter();
        int key = keyLength(in);
        if (key < 0 || !isValue(in.body, in.at + key, in.limit)) {
            keyValue(in, visitor);
        } else {
            int slot = words.slot(Sort.KEY, in.body, in.at, key);
            Word word = words.at(slot, Sort.KEY, in.body, in.at, key);
            if (word == null) {
                AttributeName name = visitor.name(Words.decoded(in.body, in.at + 2, key - 3));
                word = Word.key(Arrays.copyOfRange(in.body, in.at, in.at + key), name, !isInWords(name));
                words.put(slot, word);
            }
            if (word.isPassedOver) {
                words.correct(slot);
                in.limit = outer;
                pass(word.name, in, visitor);
            } else {
                in.at = value;
                inWords(word.name, whole, in, visitor);
            }
        }
        in.leave(outer);
    }

    /** How long the beginning of a message is up to the length of its value; negative when it is written in another way. */
    private static int keyLength(Cursor in) {
        byte[] body = in.body;
        int from = in.at;
        int room = in.limit - from;
        if (room < 4 || body[from] != KEY || body[from + 1] < 0) {
            return -1;
        }
        int length = 3 + body[from + 1];
        return length < room && body[from + length - 1] == VALUE ? length : -1;
    }

    /** Reads a value, and remembers the attribute with it, which is the whole message from there on. */
    private void inWords(AttributeName name, int from, Cursor in, OtlpVisitor visitor)
            throws MalformedRequestException {
        int length = in.limit - from;
        if (length > Words.LONGEST) {
            report(name, text(in), visitor);
            return;
        }
        int slot = words.slot(Sort.WHOLE, in.body, from, length);
        Word word = words.at(slot, Sort.WHOLE, in.body, from, length);
        if (word == null) {
            String text = text(in);
            if (text == null) {
                visitor.attributeWithoutScalar(name);
                return;
            }
            word = Word.whole(Arrays.copyOfRange(in.body, from, in.limit), new Attribute(name, text));
            words.put(slot, word);
        }
        in.at = in.limit;
        words.correct(slot);
        visitor.attribute(word.attribute);
    }

    private static void report(AttributeName name, @Nullable String text, OtlpVisitor visitor) {
        if (text == null) {
            visitor.attributeWithoutScalar(name);
        } else {
            visitor.attribute(new Attribute(name, text));
        }
    }

    /** 1 key, 2 AnyValue, in any order and number; of each the last one counts. */
    private void keyValue(Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        AttributeName name = null;
        int after = in.limit;
        value = after;
        end = after;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag == KEY) {
                int length = in.pass();
                name = visitor.name(Words.decoded(in.body, in.at - length, length));
            } else if (tag == VALUE) {
                int length = in.pass();
                value = in.at - length;
                end = in.at;
            } else {
                in.skip(tag);
            }
        }
        if (name != null && isInWords(name)) {
            in.at = value;
            in.limit = end;
            report(name, text(in), visitor);
        } else if (name != null) {
            pass(name, in, visitor);
        }
        in.at = after;
    }

    /** An AnyValue as a number, or in words. */
    private static void number(AttributeName name, Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        int begin = in.at;
        int tag = in.isAtEnd() ? 0 : in.tag();
        double number = tag == INT ? in.varint64() : tag == DOUBLE ? in.real() : 0;
        if ((tag == INT || tag == DOUBLE) && in.isAtEnd()) {
            visitor.number(name, number);
        } else {
            in.at = begin;
            report(name, text(in), visitor);
        }
    }

    /** An AnyValue in words: 1 string, 2 bool, 3 int, 4 double; null for 5 array, 6 map, 7 bytes, and for none. */
    private static @Nullable String text(Cursor in) throws MalformedRequestException {
        String text = null;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case TEXT -> {
                    int length = in.pass();
                    text = Words.decoded(in.body, in.at - length, length);
                }
                case BOOL -> text = Boolean.toString(in.bool());
                case INT -> text = Long.toString(in.varint64());
                case DOUBLE -> text = Double.toString(in.real());
                case ARRAY, MAP, BYTES -> {
                    text = null;
                    in.pass();
                }
                default -> in.skip(tag);
            }
        }
        return text;
    }
}
