// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Truth;
import io.conjunct.engine.GroupTick.AlertState;
import io.conjunct.engine.GroupTick.LegState;
import io.conjunct.engine.GroupTick.RuleState;
import io.conjunct.rule.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a rule knew at one tick about one combination of its join keys, and why it was in that state.
 *
 * @param beginMillis where the history begins: before, nothing is known
 * @param tickAtMillis end of the tick; every event up to then had been promised and was counted
 */
public record Explanation(Rule rule, RuleState state, long beginMillis, long tickAtMillis, long tickMillis) {
    public Explanation {
        requireNonNull(rule, "rule");
        requireNonNull(state, "state");
    }

    /** Lines for a terminal. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(rule.name() + labels(state.labels()) + " was "
                + state.state().name().toLowerCase(Locale.ROOT)
                + " at " + Words.time(tickAtMillis) + " UTC"
                + (state.state() == AlertState.INACTIVE ? "" : ", since " + Words.time(state.startMillis())));
        lines.add("  when " + rule.when().text() + ": " + state.when().word());
        lines.add("  tier " + rule.tier().word() + (rule.shadow() ? ", shadow: recorded, never delivered" : ""));
        Table legs = new Table(2, "  leg", "held", "value", "threshold", "n", "window", "labels");
        List<Literal> literals = Literal.of(rule.when());
        for (int i = 0; i < state.legs().size(); i++) {
            LegState leg = state.legs().get(i);
            boolean until = i >= literals.size();
            legs.row(List.of(
                    "  " + (until ? "until " + leg.text() : literals.get(i).text()),
                    held(i),
                    Words.quantity(leg.value(), leg.unit()),
                    Words.quantity(leg.threshold(), leg.unit()),
                    Words.count(leg.n()),
                    window(leg),
                    leg.labels().isEmpty() ? Words.NONE : labels(leg.labels())));
        }
        lines.addAll(legs.text());
        progress().forEach(p -> lines.add("  " + p));
        SmallestChange.of(this).forEach(c -> lines.add("  " + c));
        return lines;
    }

    /** Whether a leg of {@code when} counts as held: now, or lately enough for the rule's {@code within}. */
    Truth counted(int leg) {
        LegState at = state.legs().get(leg);
        boolean negated = Literal.of(rule.when()).get(leg).negated();
        boolean lately = rule.within().toMillis() > 0
                && at.lastHeldMillis() > tickAtMillis - rule.within().toMillis();
        return lately ? Truth.TRUE : negated ? at.truth().not() : at.truth();
    }

    private String held(int index) {
        LegState leg = state.legs().get(index);
        if (index >= Literal.of(rule.when()).size()) {
            return leg.truth().word();
        }
        boolean negated = Literal.of(rule.when()).get(index).negated();
        Truth now = negated ? leg.truth().not() : leg.truth();
        return now != Truth.TRUE && counted(index) == Truth.TRUE
                ? now.word() + ", but held " + Words.duration(tickAtMillis - leg.lastHeldMillis()) + " ago"
                : now.word();
    }

    private String window(LegState leg) {
        long from = tickAtMillis - leg.windowMillis();
        String bounds = Words.time(from).substring(Words.time(from).indexOf(' ') + 1) + " to "
                + Words.time(tickAtMillis).substring(Words.time(tickAtMillis).indexOf(' ') + 1);
        String note = from < beginMillis ? ", recorded only from " + Words.time(beginMillis) : "";
        return Words.duration(leg.windowMillis()) + " (" + bounds + note + ")";
    }

    private List<String> progress() {
        List<String> lines = new ArrayList<>();
        long hold = rule.holdFor().toMillis();
        if (state.state() == AlertState.PENDING) {
            lines.add("for: held " + Words.duration(state.heldMillis()) + " of " + Words.duration(hold)
                    + (state.when() == Truth.TRUE
                            ? "; fires at " + Words.time(tickAtMillis + hold - state.heldMillis()) + " if it goes on"
                            : "; the condition is unknown, so the count stands still"));
        }
        if (rule.within().toMillis() > 0) {
            lines.add("within: a leg counts for " + Words.duration(rule.within().toMillis()) + " after it held");
        }
        return lines;
    }

    static String labels(Map<String, String> labels) {
        return labels.isEmpty()
                ? ""
                : labels.entrySet().stream()
                        .map(l -> l.getKey() + "=" + l.getValue())
                        .collect(Collectors.joining(", ", "{", "}"));
    }
}
