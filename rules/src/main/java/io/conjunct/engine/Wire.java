// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * How the engine's own records and store entries are written: protobuf's varints without tags, a version byte first.
 * They are read by this build and the ones after it, never by users.
 */
final class Wire {
    private static final byte VERSION = 1;

    private Wire() {}

    /** Writes a versioned record. */
    static byte[] write(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes, 4096);
            out.write(VERSION);
            body.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads a versioned record; damage in it is a bug or a broken disk, so it is not survived. */
    static <T> T read(byte[] bytes, Reader<T> reader) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            byte version = in.readRawByte();
            if (version != VERSION) {
                throw new IllegalStateException(
                        "engine record of version " + version + " (this build reads version " + VERSION + ")");
            }
            return reader.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("damaged engine record", e);
        }
    }

    /** A key of the store: one letter for what it is, then numbers of eight bytes, so that order is numeric. */
    static byte[] key(char what, long... parts) {
        ByteBuffer key = ByteBuffer.allocate(1 + parts.length * Long.BYTES);
        key.put((byte) what);
        for (long part : parts) {
            key.putLong(part);
        }
        return key.array();
    }

    static byte[] key(byte[] prefix, byte[] rest) {
        return ByteBuffer.allocate(prefix.length + rest.length)
                .put(prefix)
                .put(rest)
                .array();
    }

    /** Writes the content of a record. */
    interface Body {
        void write(CodedOutputStream out) throws IOException;
    }

    /** Reads the content of a record. */
    interface Reader<T> {
        T read(CodedInputStream in) throws IOException;
    }
}
