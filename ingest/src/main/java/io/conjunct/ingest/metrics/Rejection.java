// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

import java.util.Locale;

/** Why a received record did not become an event. */
public enum Rejection {
    /** A span whose trace or span id is missing, all zero or of the wrong length. */
    INVALID_ID(true, "trace id or span id is invalid"),
    /** A data point that contradicts itself, is not finite or is over a limit. */
    INVALID_POINT(true, "data point is invalid"),
    /** A summary: its quantiles cannot be merged. */
    SUMMARY(true, "summaries cannot be merged, send histograms"),
    /** A log record without an event name: not an event. */
    NO_EVENT_NAME(false, ""),
    /** A data point that says that it has no value. */
    NO_RECORDED_VALUE(false, ""),
    /** The first point of a cumulative stream that began before this sidecar could see it: what the next is measured from. */
    BASELINE(false, ""),
    /** A cumulative point that is not newer than the last one of its stream. */
    STALE_POINT(false, ""),
    /** A histogram point that counts nothing. */
    EMPTY_POINT(false, ""),
    /** No rule reads such events. */
    NO_RULE(false, ""),
    /** Refused because the spool is full or slow; the client was told to try again. */
    OVERLOADED(false, "");

    private final boolean reported;
    private final String explanation;

    Rejection(boolean reported, String explanation) {
        this.reported = reported;
        this.explanation = explanation;
    }

    /** Whether the client is told so in {@code partial_success}. */
    public boolean reported() {
        return reported;
    }

    public String explanation() {
        return explanation;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
