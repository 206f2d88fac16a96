// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf fields one after the other into one array that grows: a nested message is written in place and its
 * length before it afterwards, so that nothing is measured first and nothing but the result is copied. To be reused from
 * message to message by one thread. Source: the protobuf encoding specification.
 */
final class MessageBuffer {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int INITIAL = 4 * 1024;

    /** A larger array is not kept. */
    private static final int KEPT = 256 * 1024;

    private static final int MAX_VARINT = 10;
    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_OF_ONE = 1023;
    private static final int TYPE_BITS = 3;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;

    /** Room that is left for a length: most nested messages are shorter than 16 KiB. */
    private static final int LENGTH = 2;

    private byte[] bytes = new byte[INITIAL];
    private int at;

    /** What was written since this was asked last. */
    byte[] take() {
        byte[] result = Arrays.copyOf(bytes, at);
        at = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[INITIAL];
        }
        return result;
    }

    private void room(int count) {
        if (bytes.length - at < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + count));
        }
    }

    /**
     * How many bytes a number takes on its own, or one more. From the exponent of a double, in which no branch depends on
     * the number: which of them is next is anybody's guess.
     */
    static int bytesOf(long value) {
        if (value < 0) {
            return MAX_VARINT;
        }
        int highestBit = (int) (Double.doubleToRawLongBits(value | 1) >>> MANTISSA_BITS) - EXPONENT_OF_ONE;
        // Divided by seven, for every length of a long.
        return (highestBit * 9 + 73) >>> 6;
    }

    /** The same of one that may be negative. */
    static int bytesOfSigned(long value) {
        return bytesOf((value << 1) ^ (value >> 63));
    }

    /** A number on its own, as in a packed field. */
    void number(long value) {
        room(MAX_VARINT);
        byte[] into = bytes;
        int here = at;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            into[here++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[here++] = (byte) rest;
        at = here;
    }

    /** A number that may be negative, on its own. */
    void signed(long value) {
        number((value << 1) ^ (value >> 63));
    }

    /** Eight bytes on their own. */
    void real(double value) {
        room(Double.BYTES);
        LONGS.set(bytes, at, Double.doubleToRawLongBits(value));
        at += Double.BYTES;
    }

    void number(int field, long value) {
        number((long) field << TYPE_BITS);
        number(value);
    }

    void signed(int field, long value) {
        number((long) field << TYPE_BITS);
        signed(value);
    }

    void real(int field, double value) {
        number((long) field << TYPE_BITS | FIXED_64);
        real(value);
    }

    void text(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(int field, byte[] value) {
        number((long) field << TYPE_BITS | LENGTH_DELIMITED);
        number(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, at, value.length);
        at += value.length;
    }

    /** Begins a nested message or a packed field; what is returned is to be given to {@link #end}. */
    int begin(int field) {
        number((long) field << TYPE_BITS | LENGTH_DELIMITED);
        room(LENGTH);
        at += LENGTH;
        return at;
    }

    void end(int begin) {
        int length = at - begin;
        int size = 1;
        for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
            size++;
        }
        if (size != LENGTH) {
            room(MAX_VARINT);
            System.arraycopy(bytes, begin, bytes, begin - LENGTH + size, length);
        }
        at = begin - LENGTH;
        number(length);
        at += length;
    }
}
