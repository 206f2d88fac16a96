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
    TYPE_NOT_NAMED("is kept for types that a rule names, others are counted: name a type in a rule to keep it"),
    /** Its time was ahead of ours, missing or beyond the year 2262, and became the time of its arrival. */
    TIME_NOT_POSSIBLE("is ahead of the time here, missing or out of range: check the clock of the host"),
    /** Its time is more than an hour ago; it stays as it is, and the engine will count it late. */
    TIME_LONG_AGO("is more than an hour ago: check the clock and time zone of the host");

    private final String advice;

    Shaping(String advice) {
        this.advice = advice;
    }

    /** To be read after the name of the attribute. */
    public String advice() {
        return advice;
    }

    /** Whether it is about a clock, and nothing became coarser. */
    public boolean isTime() {
        return this == TIME_NOT_POSSIBLE || this == TIME_LONG_AGO;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
