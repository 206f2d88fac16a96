// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.pieces;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.conjunct.ingest.otlp.MalformedRequestException;
import io.conjunct.ingest.pieces.Piece.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes requests in protobuf encoding apart. Only tags and lengths are looked at here, what is within a piece is its
 * reader's. Source: the protobuf encoding specification, opentelemetry-proto 1.11.
 */
public final class ProtobufPieces {
    /** Fields that a resource or scope may be spread over; one is usual. */
    static final int MAX_CONTEXT_FIELDS = 16;

    /** Of groups in one another. */
    private static final int MAX_DEPTH = 100;

    private static final int WINDOW = 16 * 1024;
    private static final int FIRST = tag(1);
    private static final int SECOND = tag(2);

    /** How deep a message is: the request, a resource's part of it, a scope's. */
    private static final int REQUEST = 0;

    private static final int SCOPE = 2;

    private final StoredRequest request;
    private final int target;
    private final List<Piece> pieces = new ArrayList<>();

    private ProtobufPieces(StoredRequest request, int target) {
        this.request = request;
        this.target = target;
    }

    /**
     * The pieces of a request, in order.
     *
     * @param target bytes of a piece without what it has copies of; a record that is longer is a piece of its own
     * @throws MalformedRequestException when tags and lengths are not those of a message
     * @throws TooLongException when so much belongs to all records of a resource or scope that it cannot be copied
     */
    public static List<Piece> of(StoredRequest request, int target) throws IOException, TooLongException {
        ProtobufPieces found = new ProtobufPieces(request, target);
        found.cut(REQUEST, new Range(0, request.length()), List.of());
        return found.pieces;
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** Cuts a message, whose parts belong to these resources and scopes. */
    private void cut(int depth, Range message, List<List<Range>> above) throws IOException, TooLongException {
        List<List<Range>> contexts = new ArrayList<>(above);
        if (depth > REQUEST) {
            contexts.add(context(message));
        }
        Fields fields = new Fields(request, message);
        long begin = message.from();
        int before = pieces.size();
        while (fields.next()) {
            if (depth > REQUEST && fields.tag == FIRST) {
                add(contexts, begin, fields.from);
                begin = fields.to;
            } else if (fields.to - begin > target) {
                add(contexts, begin, fields.from);
                begin = fields.from;
                boolean isPart = depth < SCOPE && fields.tag == (depth == REQUEST ? FIRST : SECOND);
                if (isPart && fields.to - begin > target) {
                    cut(depth + 1, new Range(fields.body, fields.to), contexts);
                    begin = fields.to;
                }
            }
        }
        add(contexts, begin, message.to());
        if (depth > REQUEST && pieces.size() == before) {
            // Nothing belongs to it, but whether it can be read shows when it is.
            pieces.add(piece(contexts, new Range(begin, begin)));
        }
    }

    /** What a message says of all its parts, wherever it says so: a resource, a scope. */
    private List<Range> context(Range message) throws IOException, TooLongException {
        List<Range> context = new ArrayList<>();
        Fields fields = new Fields(request, message);
        while (fields.next()) {
            if (fields.tag == FIRST) {
                context.add(new Range(fields.from, fields.to));
            }
            if (context.size() > MAX_CONTEXT_FIELDS || length(context) > Piece.MAX_CONTEXT) {
                throw new TooLongException("in a body this long a resource or scope may have " + Piece.MAX_CONTEXT
                        + " bytes, in " + MAX_CONTEXT_FIELDS + " parts");
            }
        }
        return context;
    }

    private static long length(List<Range> ranges) {
        return ranges.stream().mapToLong(Range::length).sum();
    }

    private void add(List<List<Range>> contexts, long from, long to) {
        if (from < to) {
            pieces.add(piece(contexts, new Range(from, to)));
        }
    }

    private static Piece piece(List<List<Range>> contexts, Range fields) {
        long[] bodies = new long[contexts.size()];
        long length = fields.length();
        for (int depth = bodies.length - 1; depth >= 0; depth--) {
            bodies[depth] = length(contexts.get(depth)) + length;
            length = 1L + varint(bodies[depth]).length + bodies[depth];
        }
        Piece.Builder piece = new Piece.Builder();
        for (int depth = 0; depth < bodies.length; depth++) {
            piece.add(new byte[] {(byte) (depth == REQUEST ? FIRST : SECOND)}).add(varint(bodies[depth]));
            contexts.get(depth).forEach(piece::add);
        }
        return piece.add(fields).build();
    }

    private static byte[] varint(long value) {
        byte[] bytes = new byte[(Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7];
        for (int i = 0; i < bytes.length; i++) {
            boolean last = i == bytes.length - 1;
            bytes[i] = (byte) (((value >>> (7 * i)) & 0x7F) | (last ? 0 : 0x80));
        }
        return bytes;
    }

    /** The fields of a message, one after the other. */
    private static final class Fields {
        private final CodedInputStream in;
        private final Range message;
        private int tag;
        /** The current one begins here. */
        private long from;
        /** What it says begins here, when it has a length. */
        private long body;
        /** It ends here. */
        private long to;

        Fields(StoredRequest request, Range message) {
            this.in = CodedInputStream.newInstance(new StoredRange(request, message.from(), message.to()), WINDOW);
            this.message = message;
            this.to = message.from();
        }

        boolean next() throws IOException {
            from = to;
            try {
                if (in.isAtEnd()) {
                    return false;
                }
                tag = readTag();
                skip(tag, 0);
            } catch (InvalidProtocolBufferException e) {
                throw new MalformedRequestException("a part ends too early", e);
            }
            to = at();
            return true;
        }

        private int readTag() throws IOException {
            int read = (int) varint();
            if (WireFormat.getTagFieldNumber(read) == 0) {
                throw new MalformedRequestException("a field has the number 0");
            }
            return read;
        }

        /** As the readers take it: what the runtime makes of one that is too long depends on where its buffer ends. */
        private long varint() throws IOException {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte next = in.readRawByte();
                value |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    break;
                }
            }
            return value;
        }

        private void skip(int of, int depth) throws IOException {
            switch (WireFormat.getTagWireType(of)) {
                case WireFormat.WIRETYPE_VARINT -> varint();
                case WireFormat.WIRETYPE_FIXED64 -> in.skipRawBytes(Long.BYTES);
                case WireFormat.WIRETYPE_FIXED32 -> in.skipRawBytes(Integer.BYTES);
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                    int length = (int) varint();
                    body = at();
                    if (length < 0 || length > message.to() - body) {
                        throw new MalformedRequestException("a part ends too early");
                    }
                    in.skipRawBytes(length);
                }
                case WireFormat.WIRETYPE_START_GROUP -> {
                    if (depth == MAX_DEPTH) {
                        throw new MalformedRequestException("groups are too deep");
                    }
                    int end = of - WireFormat.WIRETYPE_START_GROUP + WireFormat.WIRETYPE_END_GROUP;
                    for (int inner = readTag(); inner != end; inner = readTag()) {
                        skip(inner, depth + 1);
                    }
                }
                default -> throw new MalformedRequestException("a field has an unknown type, or ends no group");
            }
        }

        private long at() {
            return message.from() + in.getTotalBytesRead();
        }
    }
}
