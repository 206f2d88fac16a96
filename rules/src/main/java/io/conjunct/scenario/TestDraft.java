// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.event.Series;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.And;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Durations;
import io.conjunct.rule.Expression;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import io.conjunct.signal.Signal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tests made up for a rule of the form {@code A AND B}: one in which all legs hold and it fires, one in which only the first
 * does and it is quiet. They are played before they are shown, and what the engine said is what they expect; a draft that
 * does not show this difference is none.
 *
 * <p>Limits: legs that compare a percentile, a ratio, an average or an extreme with a number, over at most an hour.
 */
public final class TestDraft {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final long MINUTE = 60_000;
    private static final String PATH = "draft.test.yaml";

    private final RuleGroup group;
    private final Rule rule;
    private final long tickMillis;
    private final List<Leg> legs = new ArrayList<>();
    private long window = MINUTE;
    private long every = 1_000;

    private TestDraft(RuleGroup group, Rule rule, Duration tick) {
        this.group = group;
        this.rule = rule;
        this.tickMillis = tick.toMillis();
    }

    /**
     * Makes tests up.
     *
     * @param group with all signals that the rule reads
     * @param file name of the rule's file, for the first line
     * @return lines of YAML; empty when no timeline could be made up that shows what the rule is for
     */
    public static Optional<List<String>> of(RuleGroup group, Rule rule, String file, Duration tick) {
        TestDraft draft = new TestDraft(group, rule, tick);
        return draft.readLegs() ? draft.write(file) : Optional.empty();
    }

    private boolean readLegs() {
        List<Condition> terms = new ArrayList<>();
        flatten(rule.when(), terms);
        for (Condition term : terms) {
            if (!(term instanceof Comparison comparison)
                    || !(comparison.left() instanceof Expression.Reference of)
                    || !(comparison.right() instanceof Expression.Number than)) {
                return false;
            }
            Optional<Leg> leg = Leg.of(comparison, of.signal(), than.value());
            if (leg.isEmpty() || of.signal().over().compareTo(LONGEST) > 0) {
                return false;
            }
            long over = of.signal().over().toMillis();
            window = Math.max(window, over);
            every = Math.min(every, over / Math.max(1, 2 * of.signal().minSamples()));
            legs.add(leg.get());
        }
        every = Math.max(20, every / 20 * 20);
        return legs.size() > 1;
    }

    private static void flatten(Condition condition, List<Condition> terms) {
        if (condition instanceof And and) {
            and.terms().forEach(t -> flatten(t, terms));
        } else {
            terms.add(condition);
        }
    }

    private Optional<List<String>> write(String file) {
        List<Seen> all = play(legs.size());
        List<Seen> first = play(1);
        if (all.size() != 1 || !first.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        lines.add("rules: " + file);
        if (tickMillis != 10_000) {
            lines.add("tick: " + text(tickMillis));
        }
        lines.add("tests:");
        lines.add("- name: all legs hold, so it fires");
        lines.addAll(given(legs.size()));
        Seen seen = all.get(0);
        lines.add("  expect:");
        lines.add("  - {alert: " + rule.name() + ", firing: " + Expected.time(seen.firing())
                + (seen.resolved().isPresent()
                        ? ", resolved: " + Expected.time(seen.resolved().getAsLong())
                        : "")
                + "}");
        lines.add("- name: \"" + legs.get(0).text().replace("\"", "\\\"") + " alone does not page\"");
        lines.addAll(given(1));
        lines.add("  expect: []");
        return Optional.of(lines);
    }

    private List<Seen> play(int bad) {
        List<String> lines = new ArrayList<>(List.of("tick: " + text(tickMillis), "tests:", "- name: draft"));
        lines.addAll(given(bad));
        lines.add("  expect: []");
        RuleSource source = new RuleSource(PATH, String.join("\n", lines) + "\n");
        RuleGroup own = new RuleGroup(group.name(), group.owner(), group.signals(), List.of(rule));
        return ScenarioReader.scenarios(source).stream()
                .flatMap(s -> Player.play(s, new RuleSet("draft", List.of(own))).episodes().stream())
                .toList();
    }

    /** Calm, then a stretch in which the first {@code bad} legs hold, then calm again. */
    private List<String> given(int bad) {
        long hold = rule.holdFor().toMillis();
        long from = window + MINUTE;
        long to = from + 2 * window + hold + MINUTE;
        long end = to + window + 2 * MINUTE;
        List<String> lines = new ArrayList<>(List.of("  given:"));
        Map<String, Map<String, String>> calm = new LinkedHashMap<>();
        Map<String, Map<String, String>> wrong = new LinkedHashMap<>();
        for (int i = 0; i < legs.size(); i++) {
            Leg leg = legs.get(i);
            leg.addTo(calm.computeIfAbsent(leg.selector(), s -> new LinkedHashMap<>()), false);
            leg.addTo(wrong.computeIfAbsent(leg.selector(), s -> new LinkedHashMap<>()), i < bad);
        }
        calm.forEach((selector, event) -> lines.add(line(text(every), "", end, selector, event)));
        wrong.forEach((selector, event) -> {
            if (!event.equals(calm.get(selector))) {
                lines.add(line(text(every / 10), "from: " + text(from) + ", ", to, selector, event));
            }
        });
        return lines;
    }

    private static String line(String each, String from, long to, String selector, Map<String, String> event) {
        List<String> members = new ArrayList<>();
        event.forEach((key, value) -> members.add(key + ": " + value));
        String kind = selector.substring(0, selector.indexOf(' '));
        return "  - {every: " + each + ", " + from + "to: " + text(to) + ", " + kind + ": {"
                + String.join(", ", members) + "}}";
    }

    private static String text(long millis) {
        return millis % 1_000 == 0 ? Durations.format(Duration.ofMillis(millis)) : millis + "ms";
    }

    /** One leg, and events for and against it. {@code selector} begins with the kind and a blank. */
    private record Leg(String text, String selector, Map<String, String> fixed, String key, String good, String bad) {

        static Optional<Leg> of(Comparison comparison, Signal signal, double than) {
            boolean rises = comparison.comparator().risesWithLeft();
            if ((!rises && !comparison.comparator().fallsWithLeft()) || than <= 0) {
                return Optional.empty();
            }
            Map<String, String> fixed = new LinkedHashMap<>();
            String kind = signal.of().kind().name().toLowerCase(Locale.ROOT);
            if (!signal.of().name().isEmpty()) {
                fixed.put(
                        EventLine.nameKey(signal.of().kind()),
                        quoted(signal.of().name()));
            }
            for (var matcher : signal.of().where()) {
                if (!matcher.regex().isEmpty()) {
                    return Optional.empty();
                }
                if (!matcher.negated()) {
                    fixed.put(matcher.attribute(), quoted(matcher.values().get(0)));
                }
            }
            signal.by().forEach(label -> fixed.putIfAbsent(label, "a"));
            String selector = kind + " " + fixed;
            return switch (signal.measure().type()) {
                case QUANTILE, AVG, MIN, MAX, LAST ->
                    Optional.of(new Leg(
                            comparison.text(),
                            selector,
                            fixed,
                            signal.measure().field(),
                            amount(signal, rises ? than / 4 : than * 2),
                            amount(signal, rises ? than * 2 : than / 4)));
                case RATIO -> share(comparison, signal, selector, fixed, rises);
                case COUNT, RATE, SUM -> Optional.empty();
            };
        }

        private static Optional<Leg> share(
                Comparison comparison, Signal signal, String selector, Map<String, String> fixed, boolean rises) {
            var outcome = signal.measure().outcome().orElse(null);
            if (!(outcome instanceof io.conjunct.signal.Outcome.Attribute attribute)
                    || !attribute.matcher().regex().isEmpty()) {
                return Optional.empty();
            }
            String key = attribute.matcher().attribute();
            String in = quoted(attribute.matcher().values().get(0));
            String out = key.equals(Series.STATUS) ? in.equals("unset") ? "error" : "unset" : "other";
            boolean hits = rises != attribute.matcher().negated();
            return Optional.of(new Leg(comparison.text(), selector, fixed, key, hits ? out : in, hits ? in : out));
        }

        /** As a timeline says it; {@code value} in the unit of the signal. */
        private static String amount(Signal signal, double value) {
            String field = signal.measure().field();
            if (field.equals("duration")) {
                return Math.max(1, Math.round(value * 1_000)) + "ms";
            }
            String number = BigDecimal.valueOf(value / signal.scale())
                    .stripTrailingZeros()
                    .toPlainString();
            return field.equals("value") ? number : "{constant: " + number + "}";
        }

        private static String quoted(String value) {
            return value.matches("[A-Za-z][A-Za-z0-9_./-]*") ? value : "\"" + value.replace("\"", "\\\"") + "\"";
        }

        void addTo(Map<String, String> event, boolean holds) {
            event.putAll(fixed);
            event.put(key, holds ? bad : good);
        }
    }
}
