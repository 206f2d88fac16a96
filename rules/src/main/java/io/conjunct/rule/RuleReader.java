// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.alert.Tier;
import io.conjunct.check.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads one entry of {@code rules}. What the schema has refused is skipped in silence. */
final class RuleReader {
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_.-]{0,127}";
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Node.Table table;
    private final Scope scope;
    private final Findings findings;

    private RuleReader(Node.Table table, Scope scope, Findings findings) {
        this.table = table;
        this.scope = scope;
        this.findings = findings;
    }

    /** The rule as far as it can be read; empty when it does not even have a name. */
    static Optional<RuleDraft> read(Node node, Scope scope, Findings findings) {
        if (!(node instanceof Node.Table table)) {
            return Optional.empty();
        }
        return table.scalar("alert").map(name -> new RuleReader(table, scope, findings).read(name));
    }

    private RuleDraft read(Node.Scalar name) {
        int before = findings.errors();
        if (!name.text().matches(NAME)) {
            findings.error(
                    "rule/name",
                    name.place(),
                    "an alert's name has letters, digits, _ . and -, at most 128, and starts with a letter",
                    "write it like ReadApiFaults");
        }
        Places places = new Places();
        Optional<Condition> when = condition("when", places);
        Optional<Condition> until = condition("until", places);
        Duration within = duration("within", Duration.ZERO);
        Duration holdFor = duration("for", Duration.ZERO);
        Duration keepFiringFor = duration("keep_firing_for", Duration.ZERO);
        Duration staleAfter = duration("stale_after", Rule.DEFAULT_STALE_AFTER);
        Optional<Tier> tier = table.scalar("tier").flatMap(t -> tier(t.text()));
        Optional<List<String>> on = table.sequence("on")
                .map(s -> s.scalars().stream().map(Node.Scalar::text).distinct().toList());
        Optional<Rule> rule = Optional.empty();
        if (when.isPresent() && tier.isPresent() && findings.errors() == before) {
            rule = Optional.of(new Rule(
                    name.text(),
                    when.get(),
                    until,
                    on.orElseGet(() -> defaultKeys(when.get(), until)),
                    within,
                    holdFor,
                    tolerate(holdFor),
                    keepFiringFor,
                    staleAfter,
                    tier.get(),
                    table.scalar("single_signal").map(Node.Scalar::text).orElse(""),
                    table.texts("labels"),
                    table.texts("annotations"),
                    table.scalar("status").map(Node.Scalar::text).orElse("live").equals("shadow"),
                    demotable(table)));
        }
        return new RuleDraft(name, table, rule, tier, on, places);
    }

    /** Whether the file lets the track record demote it. */
    static boolean demotable(Node.Table table) {
        return table.scalar("demote").map(Node.Scalar::text).orElse("propose").equals("auto");
    }

    private Optional<Condition> condition(String key, Places places) {
        return table.text(key).flatMap(s -> ConditionReader.read(s, scope, findings, places));
    }

    private Duration duration(String key, Duration otherwise) {
        Optional<Node.Scalar> written = table.text(key);
        if (written.isEmpty()) {
            return otherwise;
        }
        Node.Scalar scalar = written.get();
        Optional<Duration> duration = Parsing.of(scalar, findings, () -> Durations.parse(scalar.text()));
        if (duration.isPresent()
                && (duration.get().toMillis() % 1000 != 0 || duration.get().compareTo(LONGEST) > 0)) {
            findings.error(
                    "duration/out-of-range",
                    scalar.place(),
                    "`" + scalar.text() + "` is out of range for `" + key + "`",
                    "write whole seconds, 0s to 30d");
        }
        return duration.orElse(otherwise);
    }

    private int tolerate(Duration holdFor) {
        Optional<Node.Scalar> written =
                table.scalar("tolerate").filter(s -> s.text().matches("[0-9]{1,4}"));
        if (written.isPresent() && holdFor.isZero()) {
            findings.warning(
                    "rule/tolerate-without-for",
                    written.get().place(),
                    "`tolerate` says how often the condition may fail during `for`, and there is none",
                    "add `for:`, or remove `tolerate`");
        }
        return written.map(s -> Integer.parseInt(s.text())).orElse(0);
    }

    private static Optional<Tier> tier(String word) {
        return Stream.of(Tier.values()).filter(t -> t.word().equals(word)).findFirst();
    }

    /**
     * What an alert is identified by where the file does not say: the labels that split the legs. Where the legs are
     * split differently the check {@code rule/join} refuses the rule.
     */
    private static List<String> defaultKeys(Condition when, Optional<Condition> until) {
        Set<String> keys = new TreeSet<>();
        Stream.concat(when.comparisons().stream(), until.stream().flatMap(u -> u.comparisons().stream()))
                .flatMap(c -> c.signals().stream())
                .forEach(s -> keys.addAll(s.by()));
        return List.copyOf(keys);
    }
}
