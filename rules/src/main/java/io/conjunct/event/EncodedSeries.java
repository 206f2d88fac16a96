// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The encoded series as a map key: a slice of the batch that compares and hashes by content. {@link #copy()} makes
 * one that outlives the batch.
 */
public final class EncodedSeries {
    private static final byte[] NO_BYTES = {};
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = NO_BYTES;
    private int from;
    private int length;
    private int hash;

    EncodedSeries() {}

    void set(byte[] newBytes, int newFrom, int newLength) {
        bytes = newBytes;
        from = newFrom;
        length = newLength;
        hash = hashOf(newBytes, newFrom, newFrom + newLength);
    }

    /** Eight bytes at a time, because every series of every batch is hashed. */
    private static int hashOf(byte[] bytes, int from, int to) {
        long h = to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            h = (h ^ (long) LONGS.get(bytes, at)) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 32;
        }
        for (; at < to; at++) {
            h = 31 * h + bytes[at];
        }
        h *= 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32);
    }

    /** The same bytes in an array of their own. */
    public EncodedSeries copy() {
        EncodedSeries copy = new EncodedSeries();
        copy.bytes = Arrays.copyOfRange(bytes, from, from + length);
        copy.length = length;
        copy.hash = hash;
        return copy;
    }

    /** The series these bytes say. */
    Series decode() throws MalformedBatchException {
        try {
            CodedInputStream in = CodedInputStream.newInstance(bytes, from, length);
            Kind kind = Kind.SPAN;
            String service = "";
            String name = "";
            SortedMap<String, String> attributes = new TreeMap<>();
            List<Field> fields = new ArrayList<>();
            while (!in.isAtEnd()) {
                int tag = in.readTag();
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> kind = Kind.of(in.readEnum());
                    case 2 -> service = in.readStringRequireUtf8();
                    case 3 -> name = in.readStringRequireUtf8();
                    case 4 -> readAttribute(in, attributes);
                    case 5 -> fields.add(readField(in));
                    default -> in.skipField(tag);
                }
            }
            for (int i = 1; i < fields.size(); i++) {
                if (fields.get(i - 1).compareTo(fields.get(i)) >= 0) {
                    throw new MalformedBatchException("the fields of a series are not sorted");
                }
            }
            return new Series(kind, service, name, attributes, fields);
        } catch (MalformedBatchException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedBatchException("damaged series: " + e.getMessage(), e);
        }
    }

    private static void readAttribute(CodedInputStream in, SortedMap<String, String> attributes) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        String key = "";
        String value = "";
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> key = in.readStringRequireUtf8();
                case 2 -> value = in.readStringRequireUtf8();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        attributes.put(key, value);
    }

    private static Field readField(CodedInputStream in) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        String name = "";
        int type = 0;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readStringRequireUtf8();
                case 2 -> type = in.readEnum();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        if (type < 0 || type >= Field.Type.values().length) {
            throw new IOException("unknown field type " + type);
        }
        return new Field(name, Field.Type.values()[type]);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof EncodedSeries other
                && hash == other.hash
                && Arrays.equals(bytes, from, from + length, other.bytes, other.from, other.from + other.length);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
