// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import java.util.Arrays;

/**
 * What a record said about its series, before names, limits and caps are applied: the key under which the result is
 * remembered. Mutable while a record is read; {@link #copy()} makes one to keep. The first {@link #resourceCount}
 * attributes are the resource's.
 */
final class SeriesKey {
    static final int MAX_RAW_ATTRIBUTES = 128;

    Kind kind = Kind.SPAN;
    String service = "";
    String name = "";
    int spanKind;
    int status;
    Field.Type valueType = Field.Type.NUMBER;
    String[] keys = new String[32];
    String[] values = new String[32];
    int count;
    int resourceCount;
    private int resourceHash;
    String[] fieldNames = new String[2];
    int fieldCount;

    /** False when there are too many. */
    boolean add(String key, String value) {
        if (count == keys.length) {
            if (count == MAX_RAW_ATTRIBUTES) {
                return false;
            }
            keys = Arrays.copyOf(keys, count * 2);
            values = Arrays.copyOf(values, count * 2);
        }
        keys[count] = key;
        values[count++] = value;
        return true;
    }

    void addField(String name) {
        if (fieldCount == fieldNames.length) {
            fieldNames = Arrays.copyOf(fieldNames, fieldCount * 2);
        }
        fieldNames[fieldCount++] = name;
    }

    /** There is no resource yet. */
    void beginResource() {
        resourceCount = 0;
        resourceHash = 0;
        endRecord();
    }

    /** What was added since the last record becomes the resource. */
    void endResource() {
        int added = count - resourceCount;
        System.arraycopy(keys, resourceCount, keys, 0, added);
        System.arraycopy(values, resourceCount, values, 0, added);
        resourceCount = added;
        resourceHash = 0;
        for (int i = 0; i < added; i++) {
            resourceHash = resourceHash * 31 + values[i].hashCode();
        }
        endRecord();
    }

    void endRecord() {
        count = resourceCount;
        fieldCount = 0;
    }

    SeriesKey copy() {
        SeriesKey copy = new SeriesKey();
        copy.kind = kind;
        copy.service = service;
        copy.name = name;
        copy.spanKind = spanKind;
        copy.status = status;
        copy.valueType = valueType;
        copy.keys = Arrays.copyOf(keys, count);
        copy.values = Arrays.copyOf(values, count);
        copy.count = count;
        copy.resourceCount = resourceCount;
        copy.resourceHash = resourceHash;
        copy.fieldNames = Arrays.copyOf(fieldNames, fieldCount);
        copy.fieldCount = fieldCount;
        return copy;
    }

    @Override
    public int hashCode() {
        int hash = resourceHash * 31 + spanKind;
        hash = hash * 31 + status;
        hash = hash * 31 + service.hashCode();
        hash = hash * 31 + name.hashCode();
        // The keys rarely differ where the values do not.
        for (int i = resourceCount; i < count; i++) {
            hash = hash * 31 + values[i].hashCode();
        }
        return hash;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SeriesKey other
                && kind == other.kind
                && spanKind == other.spanKind
                && status == other.status
                && valueType == other.valueType
                && count == other.count
                && resourceCount == other.resourceCount
                && service.equals(other.service)
                && name.equals(other.name)
                && areEqual(values, other.values, count)
                && areEqual(keys, other.keys, count)
                && Arrays.equals(fieldNames, 0, fieldCount, other.fieldNames, 0, other.fieldCount);
    }

    /** Most words are the same objects. */
    private static boolean areEqual(String[] some, String[] others, int count) {
        for (int i = 0; i < count; i++) {
            if (some[i] != others[i] && !some[i].equals(others[i])) {
                return false;
            }
        }
        return true;
    }
}
