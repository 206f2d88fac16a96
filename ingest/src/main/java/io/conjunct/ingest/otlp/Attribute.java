// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

/**
 * An attribute with its value in words: a number as Java writes it, a boolean as {@code true} or {@code false}. A reader
 * hands out the same object for the same attribute as long as it remembers it, so that a visitor may compare by identity
 * first.
 */
public final class Attribute {
    public final AttributeName name;
    public final String value;
    private final int hash;

    public Attribute(AttributeName name, String value) {
        this.name = name;
        this.value = value;
        this.hash = name.hashCode() * 31 + value.hashCode();
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Whether the other one has the same name object and an equal value. */
    @Override
    public boolean equals(Object o) {
        return this == o
                || (o instanceof Attribute other
                        && name == other.name
                        && hash == other.hash
                        && value.equals(other.value));
    }
}
