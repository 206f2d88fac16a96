// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.alert.Truth;
import io.conjunct.engine.GroupTick.AlertState;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which of its three values every leg has taken in the tests of a file, and which rules have fired at all. */
final class Coverage {
    private final Map<String, Map<String, Set<Truth>>> legs = new LinkedHashMap<>();
    private final Set<String> fired = new TreeSet<>();

    Coverage(RuleSet rules) {
        for (Rule rule :
                rules.groups().stream().flatMap(g -> g.rules().stream()).toList()) {
            Map<String, Set<Truth>> ofRule = legs.computeIfAbsent(rule.name(), n -> new LinkedHashMap<>());
            Stream.concat(
                            rule.when().comparisons().stream(),
                            rule.until().stream().flatMap(u -> u.comparisons().stream()))
                    .map(Comparison::text)
                    .forEach(text -> ofRule.put(text, EnumSet.noneOf(Truth.class)));
        }
    }

    void add(Track track) {
        Map<String, Set<Truth>> ofRule = legs.getOrDefault(track.rule, Map.of());
        for (Track.OfLeg leg : track.legs) {
            Set<Truth> seen = ofRule.get(leg.text);
            for (int i = 0; seen != null && seen.size() < 3 && i < leg.truths.length; i++) {
                seen.add(leg.truths[i]);
            }
        }
        if (Stream.of(track.states).anyMatch(s -> s == AlertState.FIRING)) {
            fired.add(track.rule);
        }
    }

    /** A leg and the values it never had. */
    record Gap(String rule, String leg, List<Truth> never) {}

    List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        legs.forEach((rule, ofRule) -> ofRule.forEach((leg, seen) -> {
            if (seen.size() < 3) {
                List<Truth> never = Stream.of(Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)
                        .filter(t -> !seen.contains(t))
                        .toList();
                gaps.add(new Gap(rule, leg, never));
            }
        }));
        return gaps;
    }

    /** Rules that no test has made fire. */
    List<String> neverFired() {
        return legs.keySet().stream().filter(rule -> !fired.contains(rule)).toList();
    }

    int legs() {
        return legs.values().stream().mapToInt(Map::size).sum();
    }

    int rules() {
        return legs.size();
    }
}
