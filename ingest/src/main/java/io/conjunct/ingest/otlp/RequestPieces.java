// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a long OTLP request in protobuf encoding apart, as it lies in a file, into pieces that are requests themselves: what
 * is read of all pieces, one after the other, is what would be read of the whole. A piece is a run of records with a copy of
 * the resource and the scope they belong to; none is longer than it has to be, which one record alone may make it.
 *
 * <p>Only tags and lengths are looked at here, what is within a piece is its reader's. Source: the protobuf encoding
 * specification, opentelemetry-proto 1.11.
 */
public final class RequestPieces {
    /** Bytes of a resource and of a scope, as each of their pieces has a copy. */
    static final int MAX_CONTEXT = 256 * 1024;

    /** Fields that they may be spread over; one is usual. */
    static final int MAX_CONTEXT_FIELDS = 16;

    private static final int WINDOW = 16 * 1024;
    private static final int FIRST = tag(1);
    private static final int SECOND = tag(2);

    /** Depths of a record: in a request, in a resource's part of it, in a scope's. */
    private static final int REQUEST = 0;

    private static final int RESOURCE = 1;
    private static final int SCOPE = 2;

    private final FileChannel file;
    private final int target;
    private final List<Piece> pieces = new ArrayList<>();

    private RequestPieces(FileChannel file, int target) {
        this.file = file;
        this.target = target;
    }

    /**
     * The pieces of the request that is all of the file.
     *
     * @param target bytes of a piece without what it has copies of; a record that is longer is a piece of its own
     * @throws MalformedRequestException when tags and lengths are not those of a message
     * @throws TooLongException when so much belongs to all records of a resource or scope that it cannot be copied
     */
    public static List<Piece> of(FileChannel file, int target)
            throws IOException, MalformedRequestException, TooLongException {
        RequestPieces found = new RequestPieces(file, target);
        found.cut(REQUEST, new Range(0, file.size()), List.of());
        return found.pieces;
    }

    /** Bytes of the file. */
    private record Range(long from, long to) {
        long length() {
            return to - from;
        }
    }

    /** A part of a request which is a request: copies of what belongs to it, then its fields. */
    public static final class Piece {
        private final List<List<Range>> contexts;
        private final Range fields;

        private Piece(List<List<Range>> contexts, Range fields) {
            this.contexts = contexts;
            this.fields = fields;
        }

        /** Bytes. */
        public long length() {
            return length(0);
        }

        private long length(int depth) {
            if (depth == contexts.size()) {
                return fields.length();
            }
            long body = body(depth);
            return 1L + varintLength(body) + body;
        }

        private long body(int depth) {
            return contexts.get(depth).stream().mapToLong(Range::length).sum() + length(depth + 1);
        }

        /** Copies it to the beginning of the array, which has to be as long at least. */
        public void read(FileChannel file, byte[] to) throws IOException {
            ByteBuffer out = ByteBuffer.wrap(to);
            for (int depth = 0; depth < contexts.size(); depth++) {
                out.put((byte) (depth == 0 ? FIRST : SECOND));
                putVarint(out, body(depth));
                for (Range range : contexts.get(depth)) {
                    copy(file, range, out);
                }
            }
            copy(file, fields, out);
        }

        private static void copy(FileChannel file, Range range, ByteBuffer out) throws IOException {
            long at = range.from();
            while (at < range.to()) {
                // The channel copies through memory outside of the heap, as much as it is asked for.
                out.limit(out.position() + (int) Math.min(WINDOW, range.to() - at));
                int read = file.read(out, at);
                if (read < 0) {
                    throw new IOException("the file has become shorter");
                }
                at += read;
            }
            out.limit(out.capacity());
        }
    }

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static int varintLength(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    private static void putVarint(ByteBuffer out, long value) {
        long rest = value;
        while (rest > 0x7F) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Cuts the message in this range, of this depth, whose parts belong to these. */
    private void cut(int depth, Range message, List<List<Range>> above)
            throws IOException, MalformedRequestException, TooLongException {
        List<List<Range>> contexts = new ArrayList<>(above);
        if (depth > REQUEST) {
            contexts.add(context(message));
        }
        Fields fields = new Fields(file, message);
        long begin = message.from();
        while (fields.next()) {
            if (depth > REQUEST && fields.tag == FIRST) {
                add(contexts, begin, fields.from);
                begin = fields.to;
            } else if (fields.to - begin > target) {
                add(contexts, begin, fields.from);
                begin = fields.from;
                if (depth < SCOPE && fields.to - begin > target && fields.tag == (depth == REQUEST ? FIRST : SECOND)) {
                    cut(depth + 1, new Range(fields.body, fields.to), contexts);
                    begin = fields.to;
                }
            }
        }
        add(contexts, begin, message.to());
    }

    private void add(List<List<Range>> contexts, long from, long to) {
        if (from < to) {
            pieces.add(new Piece(List.copyOf(contexts), new Range(from, to)));
        }
    }

    /** What a message says of all its parts, wherever it says so: a resource, a scope. */
    private List<Range> context(Range message) throws IOException, MalformedRequestException, TooLongException {
        List<Range> context = new ArrayList<>();
        long length = 0;
        Fields fields = new Fields(file, message);
        while (fields.next()) {
            if (fields.tag == FIRST) {
                context.add(new Range(fields.from, fields.to));
                length += fields.to - fields.from;
                if (length > MAX_CONTEXT || context.size() > MAX_CONTEXT_FIELDS) {
                    throw new TooLongException("in a body this long a resource or scope may take " + MAX_CONTEXT
                            + " bytes, in " + MAX_CONTEXT_FIELDS + " parts");
                }
            }
        }
        return context;
    }

    /** The fields of a message, one after the other. */
    private static final class Fields {
        private final CodedInputStream in;
        private final Range message;
        /** The current one begins here. */
        private long from;
        /** What it says begins here, when it has a length. */
        private long body;
        /** It ends here. */
        private long to;

        private int tag;

        Fields(FileChannel file, Range message) {
            this.in = CodedInputStream.newInstance(new FileInput(file, message), WINDOW);
            this.message = message;
            this.to = message.from();
        }

        boolean next() throws IOException, MalformedRequestException {
            from = to;
            try {
                if (in.isAtEnd()) {
                    return false;
                }
                tag = in.readTag();
                if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    int length = in.readRawVarint32();
                    body = at();
                    if (length < 0 || length > message.to() - body) {
                        throw new MalformedRequestException("a part ends too early");
                    }
                    in.skipRawBytes(length);
                } else if (!in.skipField(tag)) {
                    throw new MalformedRequestException("a group ends that did not begin");
                }
            } catch (InvalidProtocolBufferException e) {
                throw new MalformedRequestException("not a message in protobuf encoding", e);
            }
            to = at();
            return true;
        }

        private long at() {
            return message.from() + in.getTotalBytesRead();
        }
    }

    /** A range of the file as a stream that passes over bytes without reading them. */
    private static final class FileInput extends InputStream {
        private final FileChannel file;
        private final long end;
        private long at;

        FileInput(FileChannel file, Range range) {
            this.file = file;
            this.at = range.from();
            this.end = range.to();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (at >= end) {
                return -1;
            }
            int read = file.read(ByteBuffer.wrap(to, offset, (int) Math.min(length, end - at)), at);
            at += Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.max(0, Math.min(count, end - at));
            at += skipped;
            return skipped;
        }
    }

    /** A part of a request is longer than it may be in a request this long. */
    public static final class TooLongException extends Exception {
        public TooLongException(String message) {
            super(message);
        }
    }
}
