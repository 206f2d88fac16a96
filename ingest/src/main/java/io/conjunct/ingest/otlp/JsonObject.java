// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the keys of a JSON object with the conversions of protobuf's JSON encoding. After {@link #nextKey()} said
 * true, exactly one of the reading methods or {@link #skip()} has to be called. {@code null} reads as absent.
 */
final class JsonObject {
    private final JsonParser parser;
    private final byte[] source;
    private String key = "";

    /** @param source what the parser reads, from its first byte */
    JsonObject(JsonParser parser, byte[] source) {
        this.parser = parser;
        this.source = source;
    }

    /** Moves to the next key and its value; false at the end of the object. */
    boolean nextKey() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_OBJECT) {
            return false;
        }
        if (token != JsonToken.FIELD_NAME) {
            throw new MalformedRequestException("JSON key expected");
        }
        key = parser.currentName();
        parser.nextToken();
        return true;
    }

    String key() {
        return key;
    }

    boolean keyIs(String name) {
        return key.equals(name);
    }

    void skip() throws IOException {
        parser.skipChildren();
        if (parser.currentToken() == null) {
            throw new MalformedRequestException("the JSON ends too early");
        }
    }

    /** Reads an object; {@code null} reads as nothing. */
    void object(Part part) throws IOException {
        if (!isNull()) {
            require(JsonToken.START_OBJECT, "an object");
            part.read();
        }
    }

    /** Reads a list of objects. */
    void forEachObject(Part part) throws IOException {
        if (isNull()) {
            return;
        }
        require(JsonToken.START_ARRAY, "a list");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!isNull()) {
                require(JsonToken.START_OBJECT, "an object");
                part.read();
            }
        }
    }

    /** Reads a list of numbers. */
    void forEachNumber(Part part) throws IOException {
        if (isNull()) {
            return;
        }
        require(JsonToken.START_ARRAY, "a list");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            part.read();
        }
    }

    /** Copies the bytes of the current list for reading later; null when there is nothing to read. */
    byte @Nullable [] setAside() throws IOException {
        if (isNull()) {
            return null;
        }
        require(JsonToken.START_ARRAY, "a list");
        long from = parser.currentTokenLocation().getByteOffset();
        skip();
        long to = parser.currentTokenLocation().getByteOffset() + 1;
        if (from < 0 || to > source.length || source[(int) from] != '[') {
            throw new MalformedRequestException("JSON has to be encoded in UTF-8");
        }
        return Arrays.copyOfRange(source, (int) from, (int) to);
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    String text() throws IOException {
        if (isNull()) {
            return "";
        }
        require(JsonToken.VALUE_STRING, "text");
        return parser.getText();
    }

    boolean bool() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw expected("true or false");
        };
    }

    int integer() throws IOException {
        long value = integer64();
        if (value != (int) value) {
            throw expected("a 32-bit number");
        }
        return (int) value;
    }

    /** A 64-bit number, signed or unsigned, as a JSON number or as text. */
    long integer64() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> 0;
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? parse64(parser.getText())
                        : parser.getLongValue();
            case VALUE_STRING -> parse64(parser.getText());
            case VALUE_NUMBER_FLOAT -> {
                double value = parser.getDoubleValue();
                if (value != Math.rint(value) || Math.abs(value) >= 0x1p63) {
                    throw expected("a whole number");
                }
                yield (long) value;
            }
            default -> throw expected("a whole number");
        };
    }

    private long parse64(String text) throws MalformedRequestException {
        try {
            return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedRequestException(key + " is not a 64-bit number", e);
        }
    }

    double number() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> 0;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_STRING -> {
                try {
                    yield Double.parseDouble(parser.getText());
                } catch (NumberFormatException e) {
                    throw new MalformedRequestException(key + " is not a number", e);
                }
            }
            default -> throw expected("a number");
        };
    }

    private void require(JsonToken token, String what) throws MalformedRequestException {
        if (parser.currentToken() != token) {
            throw expected(what);
        }
    }

    private MalformedRequestException expected(String what) {
        return new MalformedRequestException("JSON: " + what + " expected for a known key");
    }

    /** What to do at the current place of the parser. */
    interface Part {
        void read() throws IOException;
    }
}
