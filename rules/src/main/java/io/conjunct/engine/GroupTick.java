// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.alert.Truth;
import java.util.List;
import java.util.SortedMap;

/**
 * What a rule group knew at one tick: for dashboards, explanations and backtests.
 *
 * @param revision of the rule set
 * @param atMillis end of the tick, event time
 */
public record GroupTick(String group, String revision, long atMillis, List<Sample> samples, List<RuleState> rules) {

    /** Value of one signal and label set; NaN when unknown. {@code unit} as in the signal. */
    public record Sample(String signal, SortedMap<String, String> labels, double value, long n, String unit) {}

    /**
     * One rule and label set: its condition, each leg (those of {@code until} last), and the alert's state.
     *
     * @param startMillis when the condition became true; 0 while inactive
     * @param heldMillis how much of the rule's {@code for} has passed while pending
     */
    public record RuleState(
            String rule,
            SortedMap<String, String> labels,
            Truth when,
            List<LegState> legs,
            AlertState state,
            long startMillis,
            long heldMillis) {}

    /**
     * One leg of a rule as it stood.
     *
     * @param threshold NaN when unknown, and so is {@code value}
     * @param n how many events the value rests on
     * @param windowMillis the longest window read
     * @param labels of the series that was read
     * @param lastHeldMillis the last tick at which a leg of {@code when} held, as far as the alert remembers; 0 for none
     */
    public record LegState(
            String text,
            Truth truth,
            double value,
            double threshold,
            String unit,
            long n,
            long windowMillis,
            SortedMap<String, String> labels,
            long lastHeldMillis) {}

    /** How far an alert is. */
    public enum AlertState {
        INACTIVE,
        PENDING,
        FIRING
    }
}
