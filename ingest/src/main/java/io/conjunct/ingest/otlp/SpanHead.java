// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The fields of a span before its attributes, as nearly all SDKs write them: ids, perhaps the parent's, a name of less than
 * 128 bytes, a kind, start and end, in this order and with nothing between them. Reused; one method with everything in
 * local variables, which is what the sidecar's compiler makes the most of.
 */
final class SpanHead {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int TRACE_ID = 10;
    private static final int SPAN_ID = 18;
    private static final int PARENT_ID = 34;
    private static final int NAME = 42;
    private static final int KIND = 48;
    private static final int START = 57;
    private static final int END = 65;

    /** Bytes of the ids with their tags and lengths. */
    private static final int IDS = 28;

    private static final int PARENT = 10;

    /** Bytes of kind, start and end. */
    private static final int REST = 20;

    long traceHigh;
    long traceLow;
    boolean validTrace;
    boolean validSpan;
    Word name;
    int kind;
    long start;
    long end;

    SpanHead(Word nothing) {
        name = nothing;
    }

    /** Passes over it; if it is written in another way, over nothing, and it has nothing to say. */
    boolean passes(Cursor in, Words words) {
        byte[] body = in.body;
        int limit = in.limit;
        int at = in.at;
        if (limit - at < IDS + PARENT + 2 + REST
                || body[at] != TRACE_ID
                || body[at + 1] != 2 * Long.BYTES
                || body[at + 18] != SPAN_ID
                || body[at + 19] != Long.BYTES) {
            return false;
        }
        int next = at + IDS;
        if (body[next] == PARENT_ID && body[next + 1] == Long.BYTES) {
            next += PARENT;
        }
        int length = body[next + 1];
        int rest = next + 2 + length;
        if (body[next] != NAME
                || length < 0
                || rest > limit - REST
                || body[rest] != KIND
                || body[rest + 1] < 0
                || body[rest + 2] != START
                || body[rest + 11] != END) {
            return false;
        }
        // In big-endian order.
        traceHigh = Long.reverseBytes((long) LONGS.get(body, at + 2));
        traceLow = Long.reverseBytes((long) LONGS.get(body, at + 10));
        validTrace = (traceHigh | traceLow) != 0;
        validSpan = (long) LONGS.get(body, at + 20) != 0;
        name = words.text(body, next + 2, length);
        kind = body[rest + 1];
        start = (long) LONGS.get(body, rest + 3);
        end = (long) LONGS.get(body, rest + 12);
        in.at = rest + REST;
        return true;
    }
}
