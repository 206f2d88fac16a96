// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

/** What sort of telemetry an event was made of. The order is the wire number. */
public enum Kind {
    /** A finished span: it has a duration. */
    SPAN,
    /** A log record with an event name. */
    EVENT,
    /** One data point of a metric. */
    METRIC;

    private static final Kind[] VALUES = values();

    static Kind of(int number) {
        if (number < 0 || number >= VALUES.length) {
            throw new IllegalArgumentException("kind: " + number + " (expected: 0 to " + (VALUES.length - 1) + ")");
        }
        return VALUES[number];
    }
}
