// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Comparator.comparingDouble;
import static java.util.Objects.requireNonNull;

import io.conjunct.history.History;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.And;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Expression.Number;
import io.conjunct.rule.Expression.Reference;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for the second leg of a noisy rule among the signals there are. The first half of the history chooses: thresholds
 * lie between what a signal was during pages of incidents and what it was during the others; a leg must lose no incident
 * and gain precision. The second half, unseen until then, tells what it is worth. Legs only join that are split by no
 * more than the rule's own keys.
 */
public final class Suggest {
    private final History history;
    private final Backtest.Settings settings;
    private final List<Incident> incidents;
    private final RuleGroup group;
    private final Rule rule;

    /**
     * A leg worth adding.
     *
     * @param signal what it reads
     * @param group where that is defined
     * @param first what the rule with it came to in the half it was chosen on
     * @param second what it came to in the half it was not
     */
    public record Candidate(Comparison leg, Signal signal, String group, Rule rule, Score first, Score second) {
        public String text() {
            return leg.text();
        }
    }

    /**
     * What was found.
     *
     * @param rule as it is
     * @param first and {@code second}: the rule as it is, in both halves
     * @param tick of the engine
     * @param candidates best first; those that also hold in the second half
     * @param tried how many signals were looked at
     * @param failedLater how many looked good in the first half only
     */
    public record Result(
            Rule rule,
            String group,
            Score first,
            Score second,
            Stretch stretch,
            Duration tick,
            List<Candidate> candidates,
            int tried,
            int failedLater) {
        public Result {
            candidates = List.copyOf(candidates);
        }
    }

    private Suggest(History history, Backtest.Settings settings, List<Incident> incidents, RuleGroup group, Rule rule) {
        this.history = requireNonNull(history, "history");
        this.settings = requireNonNull(settings, "settings");
        this.incidents = List.copyOf(incidents);
        this.group = group;
        this.rule = rule;
    }

    /** A search for a rule; empty when there is none of that name. */
    public static Optional<Suggest> of(
            History history, Backtest.Settings settings, List<Incident> incidents, RuleSet rules, String name) {
        for (RuleGroup group : rules.groups()) {
            for (Rule rule : group.rules()) {
                if (rule.name().equals(name)) {
                    return Optional.of(new Suggest(history, settings, incidents, group, rule));
                }
            }
        }
        return Optional.empty();
    }

    /** Searches among the signals of a rule set. */
    public Result run(RuleSet rules, Progress progress) throws IOException, InterruptedException {
        List<Found> signals = signals(rules);
        List<Signal> all = new ArrayList<>(group.signals());
        signals.stream().map(Found::signal).filter(s -> !all.contains(s)).forEach(all::add);
        Observed observed = new Observed(
                history, settings.engine(), rule, new RuleGroup("suggest", group.owner(), all, List.of(rule)));
        Stretch stretch = observed.run(progress);
        long middle = stretch.fromMillis() + (stretch.toMillis() - stretch.fromMillis()) / 2;
        Judge judge = new Judge(incidents, settings.lead(), settings.lag());
        List<Candidate> drafts = new ArrayList<>();
        Judge early = judge.between(stretch.fromMillis(), middle);
        for (Found found : signals) {
            for (Comparison leg : Threshold.of(found.signal(), observed.episodes(), early, Watch.of(rule), middle)) {
                String name = rule.name() + "#" + drafts.size();
                Rule with = Rivals.variant(
                        rule, name, new And(terms(leg)), rule.until(), rule.on(), rule.within(), rule.holdFor());
                drafts.add(new Candidate(leg, found.signal(), found.group(), with, EMPTY, EMPTY));
            }
        }
        return judge(drafts, all, signals.size(), judge, middle, progress);
    }

    private static final Score EMPTY = new Score(0, 0, List.of(), List.of(), List.of(), List.of(), 0, 0);

    private List<Condition> terms(Comparison leg) {
        List<Condition> terms = new ArrayList<>(rule.when() instanceof And and ? and.terms() : List.of(rule.when()));
        terms.add(leg);
        return terms;
    }

    private Result judge(
            List<Candidate> drafts, List<Signal> all, int tried, Judge judge, long middle, Progress progress)
            throws IOException, InterruptedException {
        List<Rule> variants = new ArrayList<>(List.of(rule));
        drafts.forEach(d -> variants.add(d.rule()));
        RuleGroup trial = Backtest.needed(new RuleGroup("suggest", group.owner(), all, variants));
        Replay.Result replayed = new Replay(history, settings.engine(), 1, progress).run(List.of(trial));
        Stretch stretch = replayed.stretch();
        Judge early = judge.between(stretch.fromMillis(), middle);
        Judge late = judge.between(middle, stretch.toMillis());
        Watch watch = Watch.of(rule);
        Score first = early.of(watch, half(replayed, rule, middle, true), 0);
        Score second = late.of(watch, half(replayed, rule, middle, false), 0);
        List<Candidate> good = new ArrayList<>();
        int failedLater = 0;
        for (Candidate draft : drafts) {
            Score chosen = early.of(watch, half(replayed, draft.rule(), middle, true), 0);
            Score verified = late.of(watch, half(replayed, draft.rule(), middle, false), 0);
            if (!improves(chosen, first) || chosen.falsePages() == first.falsePages()) {
                continue;
            }
            if (!improves(verified, second)) {
                failedLater++;
                continue;
            }
            good.add(new Candidate(draft.leg(), draft.signal(), draft.group(), draft.rule(), chosen, verified));
        }
        good.sort(comparingDouble((Candidate c) -> -c.first().precision())
                .thenComparingInt(c -> c.first().pages())
                .thenComparing(Candidate::text));
        return new Result(
                rule, group.name(), first, second, stretch, settings.engine().tick(), good, tried, failedLater);
    }

    /** No incident lost, no page more. */
    private static boolean improves(Score score, Score base) {
        return score.caught().containsAll(base.caught()) && score.falsePages() <= base.falsePages();
    }

    private static List<Firing> half(Replay.Result result, Rule rule, long middle, boolean early) {
        return result.of(new RuleKey("suggest", rule.name())).stream()
                .filter(f -> f.firedMillis() < middle == early)
                .toList();
    }

    /** A signal and the group that defines it. */
    private record Found(Signal signal, String group) {}

    private List<Found> signals(RuleSet rules) {
        Set<String> known = new HashSet<>();
        rule.when().comparisons().forEach(c -> c.signals().forEach(s -> known.add(s.name())));
        List<Found> found = new ArrayList<>();
        List<RuleGroup> ownFirst = new ArrayList<>(List.of(group));
        rules.groups().stream().filter(g -> !g.equals(group)).forEach(ownFirst::add);
        for (RuleGroup from : ownFirst) {
            for (Signal signal : from.signals()) {
                boolean joins = rule.on().containsAll(signal.by());
                boolean taken = !from.equals(group)
                        && group.signals().stream().anyMatch(s -> s.name().equals(signal.name()));
                if (joins && !taken && known.add(signal.name())) {
                    found.add(new Found(signal, from.name()));
                }
            }
        }
        return found;
    }

    /** Comparisons that hold during every page of an incident, and not during some of the others. */
    static final class Threshold {
        private Threshold() {}

        static List<Comparison> of(
                Signal signal, Collection<Observed.Seen> episodes, Judge early, Watch watch, long middle) {
            List<Comparison> legs = new ArrayList<>();
            for (boolean above : new boolean[] {true, false}) {
                double worstTrue = above ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
                double nearest = above ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
                List<Double> others = new ArrayList<>();
                boolean known = true;
                for (Observed.Seen seen : episodes) {
                    if (seen.firing().firedMillis() >= middle) {
                        continue;
                    }
                    double value = seen.extreme(signal.name(), above);
                    if (early.of(watch, List.of(seen.firing()), 0).truePages() > 0) {
                        known &= !Double.isNaN(value);
                        worstTrue = above ? Math.min(worstTrue, value) : Math.max(worstTrue, value);
                    } else if (!Double.isNaN(value)) {
                        others.add(value);
                    }
                }
                for (double other : others) {
                    if (above ? other < worstTrue : other > worstTrue) {
                        nearest = above ? Math.max(nearest, other) : Math.min(nearest, other);
                    }
                }
                if (known && Double.isFinite(worstTrue) && Double.isFinite(nearest)) {
                    legs.add(leg(signal, above, Written.between(nearest, worstTrue, signal.unit())));
                }
            }
            return legs;
        }

        private static Comparison leg(Signal signal, boolean above, Written threshold) {
            Comparator comparator = above ? Comparator.GREATER : Comparator.LESS;
            return new Comparison(
                    signal.name() + " " + comparator.symbol() + " " + threshold.text(),
                    new Reference(signal),
                    comparator,
                    new Number(threshold.value(), signal.unit()));
        }
    }
}
