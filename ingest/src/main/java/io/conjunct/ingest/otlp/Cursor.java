// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A place in a message in protobuf encoding and the end of the part that is being read. Reads what the protobuf runtime
 * reads and refuses what it refuses. Reused; the sidecar's optimising compiler is a simple one, so this is simple code: no
 * stream, no subclass, no object per part.
 *
 * <p>Source: the protobuf encoding specification.
 */
final class Cursor {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int TYPE_BITS = 3;
    private static final int TYPE = 7;
    private static final int LOW = 0x7F;
    private static final int LOW_BITS = 7;
    private static final int GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int MAX_DEPTH = 100;
    private static final byte[] NOTHING = {};

    byte[] body = NOTHING;
    int at;
    int limit;

    /** The number of the field of a tag. */
    static int field(int tag) {
        return tag >>> TYPE_BITS;
    }

    void over(byte[] newBody, int from, int length) {
        body = newBody;
        at = from;
        limit = from + length;
    }

    boolean isAtEnd() {
        return at >= limit;
    }

    /** Field number and wire type of the field that follows. */
    int tag() throws MalformedRequestException {
        int here = at;
        int tag;
        if (here < limit && body[here] > 0) {
            tag = body[here];
            at = here + 1;
        } else if (here + 1 < limit && body[here] < 0 && body[here + 1] > 0) {
            tag = (body[here] & LOW) | (body[here + 1] << LOW_BITS);
            at = here + 2;
        } else {
            tag = varint32();
        }
        if (field(tag) == 0) {
            throw malformed("a field has the number 0");
        }
        return tag;
    }

    /** How many bytes the part that follows has; they are there. */
    int length() throws MalformedRequestException {
        int length;
        if (at < limit && body[at] >= 0) {
            length = body[at++];
        } else {
            length = varint32();
        }
        if (length < 0) {
            throw malformed("a length is negative");
        }
        if (length > limit - at) {
            throw malformed("a part ends too early");
        }
        return length;
    }

    /** Reads only the part that follows, until {@link #leave} is given what this returns. */
    int enter() throws MalformedRequestException {
        int length = length();
        int outer = limit;
        limit = at + length;
        return outer;
    }

    void leave(int outer) {
        limit = outer;
    }

    /** Passes over the part that follows; returns its length. Afterwards it ends at {@link #at}. */
    int pass() throws MalformedRequestException {
        int length = length();
        at += length;
        return length;
    }

    int varint32() throws MalformedRequestException {
        return (int) varint64();
    }

    /** At most ten bytes: of the last one only a bit counts, and like the runtime this does not mind what else it says. */
    long varint64() throws MalformedRequestException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= limit) {
                throw malformed("a part ends too early");
            }
            byte next = body[at++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }

    boolean bool() throws MalformedRequestException {
        return varint64() != 0;
    }

    /** A zig-zag encoded number. */
    int signed32() throws MalformedRequestException {
        int raw = varint32();
        return (raw >>> 1) ^ -(raw & 1);
    }

    long fixed64() throws MalformedRequestException {
        need(Long.BYTES);
        long value = (long) LONGS.get(body, at);
        at += Long.BYTES;
        return value;
    }

    /** Eight of the bytes that were read last, from this many back. */
    long bigEndianBefore(int back) {
        return Long.reverseBytes((long) LONGS.get(body, at - back));
    }

    double real() throws MalformedRequestException {
        return Double.longBitsToDouble(fixed64());
    }

    /** Passes over the value of a field. */
    void skip(int tag) throws MalformedRequestException {
        skip(tag, 0);
    }

    private void skip(int tag, int depth) throws MalformedRequestException {
        switch (tag & TYPE) {
            case 0 -> varint64();
            case 1 -> {
                need(Long.BYTES);
                at += Long.BYTES;
            }
            case 2 -> pass();
            case GROUP -> skipGroup(tag, depth + 1);
            case END_GROUP -> throw malformed("a group ends that did not begin");
            case 5 -> {
                need(Integer.BYTES);
                at += Integer.BYTES;
            }
            default -> throw malformed("a field has an unknown wire type");
        }
    }

    private void skipGroup(int begin, int depth) throws MalformedRequestException {
        if (depth > MAX_DEPTH) {
            throw malformed("groups are too deep");
        }
        int end = begin - GROUP + END_GROUP;
        for (int tag = tag(); tag != end; tag = tag()) {
            skip(tag, depth);
        }
    }

    private void need(int bytes) throws MalformedRequestException {
        if (bytes > limit - at) {
            throw malformed("a part ends too early");
        }
    }

    private static MalformedRequestException malformed(String why) {
        return new MalformedRequestException(why);
    }
}
