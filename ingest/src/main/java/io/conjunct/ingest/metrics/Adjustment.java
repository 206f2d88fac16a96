// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

import java.util.Locale;

/**
 * What the sidecar changed about a record that it accepted. What concerns texts and attributes is counted when a series is
 * new to a decoder, not for each of its events.
 */
public enum Adjustment {
    /** Its time was ahead of the receive clock and became the receive time. */
    TIME_AHEAD,
    /** It had no time, and got the receive time. */
    TIME_MISSING,
    /** Its time was beyond what 63 bits of nanoseconds hold (year 2262), and became the receive time. */
    TIME_OVERFLOW,
    /** It ended before it started, and its duration became 0. */
    DURATION_NEGATIVE,
    /** Its start was missing or out of range, and its duration became 0. */
    DURATION_UNKNOWN,
    /** An attribute or a name was cut to the longest length. */
    TEXT_CUT,
    /** An attribute's value was an array, a map, bytes or empty. */
    ATTRIBUTE_NOT_SCALAR,
    /** An attribute had a name that belongs to the event model. */
    ATTRIBUTE_RESERVED,
    /** It had too many attributes. */
    ATTRIBUTE_OVER_CAP;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
