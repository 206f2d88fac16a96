// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads a packed column of protobuf varints. Every event costs two of them, and their lengths vary too much for a
 * processor to guess branches, so up to eight bytes are gathered at once: find the first byte without the continuation
 * bit, then close the gaps between the groups of seven bits in three steps.
 */
final class Varints {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long CONTINUES = 0x8080808080808080L;

    private Varints() {}

    /**
     * Reads exactly {@code count} numbers that fill {@code length} bytes.
     *
     * @return {@code reuse} when it is long enough, otherwise a longer array
     */
    static long[] read(byte[] bytes, int from, int length, long[] reuse, int count) throws MalformedBatchException {
        // Each number takes at least one byte: checked before anything is allocated.
        if (length < count) {
            throw new MalformedBatchException(length + " bytes for " + count + " numbers");
        }
        long[] into = reuse.length >= count ? reuse : new long[Math.max(count, 64)];
        int end = from + length;
        int lastWhole = Math.min(end, bytes.length - Long.BYTES);
        int at = from;
        for (int i = 0; i < count; i++) {
            long word = at <= lastWhole ? (long) LONGS.get(bytes, at) : 0;
            long stop = ~word & CONTINUES;
            if (at > lastWhole || stop == 0) {
                at = readSlowly(bytes, at, end, into, i);
                continue;
            }
            // All bits up to the stop bit.
            long x = word & (stop ^ (stop - 1)) & ~CONTINUES;
            x = (x & 0x007f007f007f007fL) | ((x & 0x7f007f007f007f00L) >>> 1);
            x = (x & 0x00003fff00003fffL) | ((x & 0x3fff00003fff0000L) >>> 2);
            x = (x & 0x000000000fffffffL) | ((x & 0x0fffffff00000000L) >>> 4);
            into[i] = x;
            at += (Long.numberOfTrailingZeros(stop) >>> 3) + 1;
        }
        if (at != end) {
            throw new MalformedBatchException("a column does not hold " + count + " numbers");
        }
        return into;
    }

    private static int readSlowly(byte[] bytes, int from, int end, long[] into, int i) throws MalformedBatchException {
        long value = 0;
        int at = from;
        for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                into[i] = value;
                return at;
            }
        }
        throw new MalformedBatchException("a number does not end");
    }
}
