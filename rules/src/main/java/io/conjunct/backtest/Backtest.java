// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import io.conjunct.backtest.BacktestReport.Revision;
import io.conjunct.backtest.BacktestReport.RivalScore;
import io.conjunct.backtest.BacktestReport.RuleScore;
import io.conjunct.backtest.Judge.Told;
import io.conjunct.backtest.Rivals.Rival;
import io.conjunct.engine.EngineSettings;
import io.conjunct.history.History;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.signal.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Judges rules by a recorded past: which incidents they would have told of, and what they would have cost. All rules of
 * both revisions and all their rivals run in one pass over the history, through the engine that runs in production.
 * Event time only, no clock: the same input gives the same report, whatever the number of threads.
 */
public final class Backtest {
    private final History history;
    private final Settings settings;
    private final List<Incident> incidents;
    private final Progress progress;

    /**
     * How to judge.
     *
     * @param lead how long before an incident's start a page may fire and still tell of it
     * @param lag how long after its end
     * @param maxPagesPerWeek what a rule may cost; empty for no limit
     * @param threads upper bound
     */
    public record Settings(
            EngineSettings engine, Duration lead, Duration lag, OptionalDouble maxPagesPerWeek, int threads) {
        public static final Duration DEFAULT_LEAD = Duration.ofMinutes(10);
        public static final Duration DEFAULT_LAG = Duration.ofMinutes(5);

        public Settings {
            requireNonNull(engine, "engine");
            requireNonNull(lead, "lead");
            requireNonNull(lag, "lag");
            requireNonNull(maxPagesPerWeek, "maxPagesPerWeek");
        }

        /** The defaults with these engine settings. */
        public static Settings of(EngineSettings engine, int threads) {
            return new Settings(engine, DEFAULT_LEAD, DEFAULT_LAG, OptionalDouble.empty(), threads);
        }
    }

    public Backtest(History history, Settings settings, List<Incident> incidents, Progress progress) {
        this.history = requireNonNull(history, "history");
        this.settings = requireNonNull(settings, "settings");
        this.incidents = List.copyOf(incidents);
        this.progress = requireNonNull(progress, "progress");
    }

    /**
     * Judges a rule set.
     *
     * @param against an older one to compare with
     */
    public BacktestReport run(RuleSet rules, Optional<RuleSet> against) throws IOException, InterruptedException {
        List<RuleSet> sets = new ArrayList<>();
        against.ifPresent(sets::add);
        sets.add(rules);
        Map<RuleGroup, String> names = new LinkedHashMap<>();
        for (RuleSet set : sets) {
            for (RuleGroup group : set.groups()) {
                // A group that is the same in both revisions runs once.
                names.putIfAbsent(group, names.size() + "/" + group.name());
            }
        }
        List<RuleGroup> groups = new ArrayList<>();
        names.forEach((group, name) -> groups.add(withRivals(group, name)));
        Replay.Result result = new Replay(history, settings.engine(), settings.threads(), progress).run(groups);
        Stretch stretch = result.stretch();
        Judge judge =
                new Judge(incidents, settings.lead(), settings.lag()).between(stretch.fromMillis(), stretch.toMillis());
        List<Revision> revisions = new ArrayList<>();
        for (RuleSet set : sets) {
            revisions.add(revision(set, names, result, judge));
        }
        Verdict verdict = new Verdict(stretch, revisions, settings.maxPagesPerWeek());
        return new BacktestReport(
                stretch,
                judge.incidents().size(),
                revisions,
                verdict.changes(),
                verdict.findings(),
                Notes.of(history, stretch, incidents, judge.incidents()));
    }

    /** Only what the rules read is measured. */
    private RuleGroup withRivals(RuleGroup group, String name) {
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : group.rules()) {
            rules.add(rule);
            Rivals.of(rule, settings.engine().tick()).forEach(r -> rules.add(r.rule()));
        }
        return needed(new RuleGroup(name, group.owner(), group.signals(), rules, group.mutes()));
    }

    /** The group without signals that no rule reads. */
    static RuleGroup needed(RuleGroup group) {
        Map<String, Signal> read = new RuleGroup(group.name(), group.owner(), List.of(), group.rules()).allSignals();
        return new RuleGroup(
                group.name(),
                group.owner(),
                group.signals().stream().filter(s -> read.containsKey(s.name())).toList(),
                group.rules(),
                group.mutes());
    }

    private Revision revision(RuleSet set, Map<RuleGroup, String> names, Replay.Result result, Judge judge) {
        List<RuleScore> scores = new ArrayList<>();
        List<Watch> watches = new ArrayList<>();
        List<Told> told = new ArrayList<>();
        int evidenceLost = 0;
        for (RuleGroup group : set.groups()) {
            String name = names.getOrDefault(group, group.name());
            for (Rule rule : group.rules()) {
                Watch watch = Watch.of(rule);
                RuleKey key = new RuleKey(name, rule.name());
                List<Firing> firings = result.of(key);
                int lost = result.evidenceLost().getOrDefault(key, 0);
                List<RivalScore> rivals = new ArrayList<>();
                for (Rival rival : Rivals.of(rule, settings.engine().tick())) {
                    List<Firing> ofRival =
                            result.of(new RuleKey(name, rival.rule().name()));
                    rivals.add(new RivalScore(
                            rival.leg(),
                            rival.text(),
                            rival.form() == Rivals.Form.TWO_TICKS,
                            judge.of(watch, ofRival, 0)));
                }
                RuleScore score = new RuleScore(
                        group.name(),
                        rule.name(),
                        rule.tier(),
                        rule.shadow(),
                        Definition.lines(rule),
                        rule.fingerprint() + rule.tier() + rule.shadow(),
                        judge.of(watch, firings, lost),
                        rivals);
                scores.add(score);
                if (score.pages()) {
                    watches.add(watch);
                    firings.forEach(f -> told.add(new Told(watch, f)));
                    evidenceLost += lost;
                }
            }
        }
        return new Revision(set.revision(), judge.of(watches, told, evidenceLost), scores);
    }
}
