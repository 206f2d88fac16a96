// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.signal.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Signals and the rules that read them; decided together, in one place, so that "X AND Y" needs no coordination.
 *
 * @param owner who fixes or deletes these rules
 * @param signals as named in the file; baselines are found through the rules
 * @param mutes its own, and the silences of all groups
 */
public record RuleGroup(String name, String owner, List<Signal> signals, List<Rule> rules, List<Mute> mutes) {
    public RuleGroup {
        requireNonNull(name, "name");
        requireNonNull(owner, "owner");
        signals = List.copyOf(signals);
        rules = List.copyOf(rules);
        mutes = List.copyOf(mutes);
    }

    /** A group that nothing mutes. */
    public RuleGroup(String name, String owner, List<Signal> signals, List<Rule> rules) {
        this(name, owner, signals, rules, List.of());
    }

    /** The named signals and every baseline that a rule reads, by name. */
    public Map<String, Signal> allSignals() {
        Map<String, Signal> all = new LinkedHashMap<>();
        for (Signal signal : signals) {
            all.put(signal.name(), signal);
        }
        for (Rule rule : rules) {
            rule.when().comparisons().forEach(c -> c.signals().forEach(s -> all.put(s.name(), s)));
            rule.until().ifPresent(u -> u.comparisons().forEach(c -> c.signals().forEach(s -> all.put(s.name(), s))));
        }
        return all;
    }
}
