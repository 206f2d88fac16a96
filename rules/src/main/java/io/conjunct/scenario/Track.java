// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.alert.Truth;
import io.conjunct.engine.GroupTick.AlertState;
import io.conjunct.engine.GroupTick.LegState;
import io.conjunct.engine.GroupTick.RuleState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/** What one alert and each of its legs were at every tick of a timeline. */
final class Track {
    final String rule;
    final SortedMap<String, String> labels;
    final AlertState[] states;
    final Truth[] when;
    final List<OfLeg> legs = new ArrayList<>();

    /** One leg: its truth and value at every tick; NaN where it was not known. */
    static final class OfLeg {
        final String text;
        final String unit;
        final Truth[] truths;
        final double[] values;
        final double[] thresholds;

        private OfLeg(LegState leg, int ticks) {
            this.text = leg.text();
            this.unit = leg.unit();
            this.truths = new Truth[ticks];
            this.values = new double[ticks];
            this.thresholds = new double[ticks];
            Arrays.fill(truths, Truth.UNKNOWN);
            Arrays.fill(values, Double.NaN);
            Arrays.fill(thresholds, Double.NaN);
        }
    }

    Track(RuleState first, int ticks) {
        this.rule = first.rule();
        this.labels = first.labels();
        this.states = new AlertState[ticks];
        this.when = new Truth[ticks];
        Arrays.fill(states, AlertState.INACTIVE);
        Arrays.fill(when, Truth.UNKNOWN);
        first.legs().forEach(leg -> legs.add(new OfLeg(leg, ticks)));
    }

    void record(int tick, RuleState state) {
        states[tick] = state.state();
        when[tick] = state.when();
        for (int i = 0; i < legs.size(); i++) {
            OfLeg leg = legs.get(i);
            LegState now = state.legs().get(i);
            leg.truths[tick] = now.truth();
            leg.values[tick] = now.value();
            leg.thresholds[tick] = now.threshold();
        }
    }

    String identity() {
        return labels.isEmpty() ? rule : rule + labels;
    }
}
