// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

import java.util.Locale;

/** How a series was made coarser than what was sent, and what its team can do about it. */
public enum Shaping {
    /** An attribute had too many different values. */
    TOO_MANY_VALUES("has too many different values: send fewer, such as a route instead of a path"),
    /** A span name held ids or numbers, which became placeholders. */
    IDS_IN_NAME("holds ids or numbers: name the operation, and put the id into an attribute"),
    /** An exception was of a type that no rule names: counted, its type not kept. */
    TYPE_NOT_NAMED("is kept for types that a rule names, others are counted: name a type in a rule to keep it");

    private final String advice;

    Shaping(String advice) {
        this.advice = advice;
    }

    /** To be read after the name of the attribute. */
    public String advice() {
        return advice;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
