// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static java.util.Objects.requireNonNull;

/** A measured quantity that every event of a series carries. */
public record Field(String name, Type type) implements Comparable<Field> {

    /** Name of the field that holds how long a span took. */
    public static final String DURATION = "duration";

    /** Name of the field that holds a metric's measurement. */
    public static final String VALUE = "value";

    /** How the field's column is stored. The order is the wire number. */
    public enum Type {
        /** Nanoseconds, never negative. */
        DURATION,
        /** A finite double. */
        NUMBER,
        /** Many measurements in one: an OpenTelemetry histogram data point. */
        DISTRIBUTION
    }

    public Field {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
    }

    public static Field duration() {
        return new Field(DURATION, Type.DURATION);
    }

    public static Field number(String name) {
        return new Field(name, Type.NUMBER);
    }

    public static Field distribution(String name) {
        return new Field(name, Type.DISTRIBUTION);
    }

    @Override
    public int compareTo(Field other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : type.compareTo(other.type);
    }
}
