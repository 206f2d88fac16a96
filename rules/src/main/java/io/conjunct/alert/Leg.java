// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One condition of a rule as it stood when an alert changed state: the evidence.
 *
 * @param text the condition as written, such as {@code hit_p99 > 1000ms}
 * @param state whether it held
 * @param value left-hand side in {@code unit}; NaN when it is not known
 * @param threshold right-hand side in {@code unit}; NaN when it is not known
 * @param unit {@code s}, {@code ratio}, {@code count}, {@code 1/s}, or the metric's own, as in the signal
 * @param n how many events the value rests on; 0 when it is not known
 * @param windowMillis the longest window read on the left-hand side
 * @param labels the labels of the series that was read, empty when the signal is not split
 */
public record Leg(
        String text,
        Truth state,
        double value,
        double threshold,
        String unit,
        long n,
        long windowMillis,
        SortedMap<String, String> labels) {
    public Leg {
        requireNonNull(text, "text");
        requireNonNull(state, "state");
        requireNonNull(unit, "unit");
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
}
