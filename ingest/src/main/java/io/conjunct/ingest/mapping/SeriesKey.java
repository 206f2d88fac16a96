// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import java.util.Arrays;

/**
 * What a record said about its series, before names, limits and caps are applied: the key under which the result is
 * remembered. Mutable while a record is read; {@link #copy()} makes one to keep.
 */
final class SeriesKey {
    Kind kind = Kind.SPAN;
    String name = "";
    int spanKind;
    int status;
    Field.Type valueType = Field.Type.NUMBER;
    AttributeSet attributes;
    String[] fieldNames = new String[2];
    int fieldCount;

    SeriesKey(AttributeSet attributes) {
        this.attributes = attributes;
    }

    void addField(String field) {
        if (fieldCount == fieldNames.length) {
            fieldNames = Arrays.copyOf(fieldNames, fieldCount * 2);
        }
        fieldNames[fieldCount++] = field;
    }

    SeriesKey copy() {
        SeriesKey copy = new SeriesKey(attributes);
        copy.kind = kind;
        copy.name = name;
        copy.spanKind = spanKind;
        copy.status = status;
        copy.valueType = valueType;
        copy.fieldNames = Arrays.copyOf(fieldNames, fieldCount);
        copy.fieldCount = fieldCount;
        return copy;
    }

    @Override
    public int hashCode() {
        int hash = System.identityHashCode(attributes) * 31 + spanKind;
        hash = hash * 31 + status;
        return hash * 31 + name.hashCode();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SeriesKey other && isLike(other);
    }

    boolean isLike(SeriesKey other) {
        return attributes == other.attributes
                && kind == other.kind
                && spanKind == other.spanKind
                && status == other.status
                && valueType == other.valueType
                && fieldCount == other.fieldCount
                && (name == other.name || name.equals(other.name))
                && (fieldCount == 0 || Arrays.equals(fieldNames, 0, fieldCount, other.fieldNames, 0, fieldCount));
    }
}
