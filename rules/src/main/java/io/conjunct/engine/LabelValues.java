// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The values of a known, sorted list of label names: the identity of one series of a signal. Ordered value by value. */
final class LabelValues implements Comparable<LabelValues> {
    static final LabelValues NONE = new LabelValues(new String[0]);

    private final String[] values;
    private final int hash;

    /** @param values not to be changed afterwards */
    LabelValues(String[] values) {
        this.values = values;
        this.hash = Arrays.hashCode(values);
    }

    String get(int i) {
        return values[i];
    }

    int size() {
        return values.length;
    }

    /** The values at these positions. */
    LabelValues at(int[] positions) {
        if (positions.length == 0) {
            return NONE;
        }
        String[] picked = new String[positions.length];
        for (int i = 0; i < positions.length; i++) {
            picked[i] = values[positions[i]];
        }
        return new LabelValues(picked);
    }

    SortedMap<String, String> named(List<String> names) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            labels.put(names.get(i), values[i]);
        }
        return labels;
    }

    void writeTo(CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(values.length);
        for (String value : values) {
            out.writeStringNoTag(value);
        }
    }

    static LabelValues readFrom(CodedInputStream in) throws IOException {
        int size = in.readUInt32();
        if (size == 0) {
            return NONE;
        }
        String[] values = new String[size];
        for (int i = 0; i < size; i++) {
            values[i] = in.readString();
        }
        return new LabelValues(values);
    }

    /** Positions of {@code names} in {@code among}; all must be there. */
    static int[] positions(List<String> names, List<String> among) {
        int[] positions = new int[names.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = among.indexOf(names.get(i));
            if (positions[i] < 0) {
                throw new IllegalArgumentException(names.get(i) + " is not among " + among);
            }
        }
        return positions;
    }

    @Override
    public int compareTo(LabelValues other) {
        return Arrays.compare(values, other.values);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof LabelValues other && hash == other.hash && Arrays.equals(values, other.values);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
