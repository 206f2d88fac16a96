// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.alert.Alert;
import io.conjunct.engine.Decisions;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.LocalEngine;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.history.Damage;
import io.conjunct.history.History;
import io.conjunct.history.HistoryRecord;
import io.conjunct.history.HistoryRecord.Kind;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** One thread's share of a replay: some rule groups, the whole history, an engine. */
final class Run implements Callable<Run> {
    /** How often progress is told, in bytes. */
    private static final long PROGRESS_STEP = 1 << 20;

    private static final String REVISION = "replay";

    private final History history;
    private final EngineSettings settings;
    private final RuleSet rules;
    private final long begin;
    private final Progress progress;
    private final Collected collected = new Collected();
    private long events;
    private long outside;
    private long unreadable;
    private Damage damage = new Damage(0, 0, -1, -1);

    Run(History history, EngineSettings settings, List<RuleGroup> groups, long begin, Progress progress) {
        this.history = history;
        this.settings = settings;
        this.rules = new RuleSet(REVISION, groups);
        this.begin = settings.paneOf(begin) * settings.tickMillis();
        this.progress = progress;
    }

    @Override
    public Run call() throws IOException {
        LocalEngine engine = new LocalEngine(settings, update -> rules, history.sources(), 1, collected);
        engine.rules(new RuleUpdate(REVISION, begin, List.of()));
        long total = history.bytes();
        long[] told = {0};
        damage = history.read((record, position) -> {
            play(engine, record);
            if (position - told[0] >= PROGRESS_STEP) {
                told[0] = position;
                progress.at(position, total);
                if (Thread.currentThread().isInterrupted()) {
                    return false;
                }
            }
            return true;
        });
        progress.at(total, total);
        events = engine.measureCounts.events;
        outside = engine.measureCounts.tooLate + engine.measureCounts.tooFarAhead + engine.measureCounts.beforeRules;
        return this;
    }

    /** The rules of the recording are not those under test. */
    private void play(LocalEngine engine, HistoryRecord record) {
        if (record.kind() == Kind.BATCH) {
            try {
                engine.batch(record.source(), record.bytes());
            } catch (MalformedBatchException e) {
                unreadable++;
            }
        }
    }

    Map<RuleKey, List<Firing>> firings() {
        return collected.firings;
    }

    Map<RuleKey, Integer> evidenceLost() {
        return collected.evidenceLost;
    }

    Stretch stretch() {
        return new Stretch(begin, Math.max(begin, collected.lastTick), events, outside, unreadable, damage);
    }

    /** Keeps the episodes; their number is bounded by what the rules do, not by the length of the history. */
    private static final class Collected implements Decisions {
        private static final String EVIDENCE_LOST = ":EvidenceLost";

        private final Map<RuleKey, List<Firing>> firings = new TreeMap<>();
        private final Map<RuleKey, Integer> evidenceLost = new TreeMap<>();
        /** Position of the open episode of each alert in its rule's list. */
        private final Map<String, Integer> open = new HashMap<>();

        private long lastTick;

        @Override
        public void alert(Alert alert) {
            RuleKey key = new RuleKey(alert.group(), alert.name());
            String identity = alert.group() + '\0' + alert.identity();
            if (alert.muted().isPresent()) {
                return; // Nobody was told, and it is no page.
            }
            switch (alert.state()) {
                case FIRING -> {
                    if (alert.name().endsWith(EVIDENCE_LOST)) {
                        String rule = alert.name().substring(0, alert.name().length() - EVIDENCE_LOST.length());
                        evidenceLost.merge(new RuleKey(alert.group(), rule), 1, Integer::sum);
                        return;
                    }
                    List<Firing> ofRule = firings.computeIfAbsent(key, k -> new ArrayList<>());
                    open.put(identity, ofRule.size());
                    ofRule.add(
                            new Firing(alert.labels(), alert.startsAtMillis(), alert.atMillis(), OptionalLong.empty()));
                }
                case RESOLVED -> {
                    Integer index = open.remove(identity);
                    List<Firing> ofRule = firings.get(key);
                    if (index != null && ofRule != null) {
                        ofRule.set(index, ofRule.get(index).resolvedAt(alert.atMillis()));
                    }
                }
                case PENDING, CANCELLED -> {
                    // Nobody was told.
                }
            }
        }

        @Override
        public void tick(GroupTick tick) {
            lastTick = Math.max(lastTick, tick.atMillis());
        }
    }
}
