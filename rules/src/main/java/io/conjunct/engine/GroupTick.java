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

    /** One rule and label set: its condition, each leg, and the alert's state. */
    public record RuleState(
            String rule, SortedMap<String, String> labels, Truth when, List<LegState> legs, AlertState state) {}

    /** One leg of a rule as it stood; {@code threshold} is NaN when unknown. */
    public record LegState(String text, Truth truth, double value, double threshold, String unit) {}

    /** How far an alert is. */
    public enum AlertState {
        INACTIVE,
        PENDING,
        FIRING
    }
}
