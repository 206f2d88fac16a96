// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each rule when one rule set takes the place of another.
 *
 * @param changes those that are not as before, in the order of the new set; removed ones last
 * @param unchanged how many are
 */
public record RuleChanges(List<Change> changes, int unchanged) {

    /** What happens to a rule and to the alerts it has. */
    public enum Kind {
        ADDED("starts with nothing known"),
        /** It decides otherwise than before. */
        CHANGED("starts over; an alert that fires resolves: rule changed"),
        /** Only what people read, its tier, or its status. */
        REWORDED("keeps its state"),
        /** Alerts are of a rule in its group. */
        MOVED("starts over in its new group; an alert that fires resolves: rule removed"),
        REMOVED("an alert that fires resolves: rule removed");

        private final String effect;

        Kind(String effect) {
            this.effect = effect;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What that does to its state. */
        public String effect() {
            return effect;
        }
    }

    /** One rule that is not as before. */
    public record Change(String group, String rule, Kind kind) {}

    private record Placed(RuleGroup group, Rule rule) {}

    public RuleChanges {
        changes = List.copyOf(changes);
    }

    /** Compares them rule by rule, by name. */
    public static RuleChanges between(RuleSet before, RuleSet after) {
        Map<String, Placed> old = byName(before);
        Map<String, Placed> next = byName(after);
        List<Change> changes = new ArrayList<>();
        int unchanged = 0;
        for (Placed now : next.values()) {
            Placed was = old.get(now.rule().name());
            if (was != null && sameInAll(was, now)) {
                unchanged++;
            } else {
                changes.add(new Change(now.group().name(), now.rule().name(), kind(was, now)));
            }
        }
        old.values().stream()
                .filter(was -> !next.containsKey(was.rule().name()))
                .forEach(was ->
                        changes.add(new Change(was.group().name(), was.rule().name(), Kind.REMOVED)));
        return new RuleChanges(changes, unchanged);
    }

    private static Kind kind(@Nullable Placed was, Placed now) {
        if (was == null) {
            return Kind.ADDED;
        }
        if (!was.group().name().equals(now.group().name())) {
            return Kind.MOVED;
        }
        return was.rule().fingerprint().equals(now.rule().fingerprint()) ? Kind.REWORDED : Kind.CHANGED;
    }

    private static boolean sameInAll(Placed was, Placed now) {
        return was.rule().equals(now.rule())
                && was.group().name().equals(now.group().name())
                && was.group().owner().equals(now.group().owner());
    }

    private static Map<String, Placed> byName(RuleSet rules) {
        Map<String, Placed> byName = new LinkedHashMap<>();
        rules.groups()
                .forEach(group -> group.rules().forEach(rule -> byName.put(rule.name(), new Placed(group, rule))));
        return byName;
    }

    /** Such as {@code 1 added (Slow), 2 removed (Old, Older), 7 unchanged}. */
    @Override
    public String toString() {
        Stream<String> kinds = Stream.of(Kind.values())
                .filter(kind -> changes.stream().anyMatch(change -> change.kind() == kind))
                .map(kind -> {
                    List<String> names = changes.stream()
                            .filter(change -> change.kind() == kind)
                            .map(Change::rule)
                            .toList();
                    return names.size() + " " + kind.word() + " ("
                            + names.stream().limit(5).collect(Collectors.joining(", "))
                            + (names.size() > 5 ? ", …" : "") + ")";
                });
        return Stream.concat(kinds, Stream.of(unchanged + " unchanged")).collect(Collectors.joining(", "));
    }
}
