// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.pieces;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a stored request which is a request itself: a run of records between copies of what they belong to, with what it
 * takes to make a request of them.
 */
public final class Piece {
    /** What a request says of all records of a resource or a scope may take so many bytes, as each piece has a copy. */
    public static final int MAX_CONTEXT = 256 * 1024;

    private final List<Part> parts;
    private final long length;

    private Piece(List<Part> parts) {
        this.parts = List.copyOf(parts);
        this.length = parts.stream().mapToLong(Part::length).sum();
    }

    /** Bytes of a piece: some of the request, or some of our own. */
    private sealed interface Part {
        long length();
    }

    private record Own(byte[] bytes) implements Part {
        @Override
        public long length() {
            return bytes.length;
        }
    }

    /** A range of the request. */
    record Range(long from, long to) implements Part {
        @Override
        public long length() {
            return to - from;
        }
    }

    /** Puts a piece together. */
    static final class Builder {
        private final List<Part> parts = new ArrayList<>();

        Builder add(byte[] own) {
            parts.add(new Own(own));
            return this;
        }

        Builder add(String own) {
            return add(own.getBytes(StandardCharsets.UTF_8));
        }

        Builder add(Range range) {
            parts.add(range);
            return this;
        }

        Piece build() {
            return new Piece(parts);
        }
    }

    /** Bytes. */
    public long length() {
        return length;
    }

    /** Copies it to the beginning of an array, which has to be as long at least. */
    public void read(StoredRequest request, byte[] to) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(to);
        for (Part part : parts) {
            if (part instanceof Range range) {
                copy(request, range, out);
            } else if (part instanceof Own own) {
                out.put(own.bytes());
            }
        }
    }

    private static void copy(StoredRequest request, Range range, ByteBuffer out) throws IOException {
        long at = range.from();
        while (at < range.to()) {
            out.limit(out.position() + (int) (range.to() - at));
            int read = request.read(out, at);
            if (read < 0) {
                throw new EOFException("a stored request has become shorter");
            }
            at += read;
        }
        out.limit(out.capacity());
    }
}
