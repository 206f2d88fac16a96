// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.rule.Rule;
import io.conjunct.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** The keys of a rule that decide, one line each, so that two revisions can be compared by eye. */
final class Definition {
    private Definition() {}

    static List<String> lines(Rule rule) {
        List<String> lines = new ArrayList<>();
        lines.add("when: " + rule.when().text());
        rule.until().ifPresent(until -> lines.add("until: " + until.text()));
        if (!rule.on().isEmpty()) {
            lines.add("on: " + rule.on());
        }
        add(lines, "within", rule.within().toMillis());
        add(lines, "for", rule.holdFor().toMillis());
        add(lines, "keep_firing_for", rule.keepFiringFor().toMillis());
        lines.add("tier: " + rule.tier().word() + (rule.shadow() ? " (shadow)" : "")
                + (rule.demotable() ? " (demote: auto)" : ""));
        TreeMap<String, Signal> signals = new TreeMap<>();
        rule.when().comparisons().forEach(c -> c.signals().forEach(s -> signals.put(s.name(), s)));
        signals.values().stream().filter(s -> !s.baseline()).forEach(s -> lines.add(signal(s)));
        return lines;
    }

    private static void add(List<String> lines, String key, long millis) {
        if (millis > 0) {
            lines.add(key + ": " + Words.duration(millis));
        }
    }

    private static String signal(Signal signal) {
        String measure = signal.measure()
                .outcome()
                .map(o -> "ratio(" + o.text() + ")")
                .orElseGet(() -> {
                    String type = Double.isNaN(signal.measure().quantile())
                            ? signal.measure().type().name().toLowerCase(Locale.ROOT)
                            : "p" + Words.plain(signal.measure().quantile() * 100);
                    return type
                            + (signal.measure().field().isEmpty()
                                    ? ""
                                    : "(" + signal.measure().field() + ")");
                });
        return signal.name() + ": " + measure + " over "
                + Words.duration(signal.over().toMillis())
                + (signal.minSamples() > 0 ? ", min_samples " + signal.minSamples() : "");
    }
}
