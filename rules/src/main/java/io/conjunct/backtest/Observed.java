// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.alert.Alert;
import io.conjunct.engine.Decisions;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.GroupTick.Sample;
import io.conjunct.engine.LocalEngine;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.history.Damage;
import io.conjunct.history.History;
import io.conjunct.history.HistoryRecord.Kind;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What all signals of a group were while a rule fired: the lowest and the highest of each, episode by episode. */
final class Observed implements Decisions {
    private final History history;
    private final EngineSettings settings;
    private final Rule rule;
    private final RuleGroup group;
    private final List<Seen> episodes = new ArrayList<>();
    private final Map<String, Seen> open = new HashMap<>();
    private long lastTick;

    Observed(History history, EngineSettings settings, Rule rule, RuleGroup group) {
        this.history = history;
        this.settings = settings;
        this.rule = rule;
        this.group = group;
    }

    /** One episode. */
    static final class Seen {
        private final Map<String, Double> lowest = new HashMap<>();
        private final Map<String, Double> highest = new HashMap<>();
        private Firing firing;

        Seen(Firing firing) {
            this.firing = firing;
        }

        Firing firing() {
            return firing;
        }

        /** NaN when the signal was not known at any tick. */
        double extreme(String signal, boolean highestOfAll) {
            return (highestOfAll ? highest : lowest).getOrDefault(signal, Double.NaN);
        }

        private void take(Sample sample) {
            boolean joins = sample.labels().entrySet().stream()
                    .allMatch(l -> l.getValue().equals(firing.labels().get(l.getKey())));
            if (joins && !Double.isNaN(sample.value())) {
                lowest.merge(sample.signal(), sample.value(), Math::min);
                highest.merge(sample.signal(), sample.value(), Math::max);
            }
        }
    }

    /** Replays the whole history once. */
    Stretch run(Progress progress) throws IOException {
        long first = history.begin().orElseThrow(() -> new IOException("there is no event in " + history.files()));
        long begin = settings.paneOf(first) * settings.tickMillis();
        RuleSet rules = new RuleSet("observed", List.of(group));
        LocalEngine engine = new LocalEngine(settings, update -> rules, history.sources(), 1, this);
        engine.rules(new RuleUpdate("observed", begin, List.of()));
        long total = history.bytes();
        Damage damage = history.read((record, position) -> {
            if (record.kind() == Kind.BATCH) {
                try {
                    engine.batch(record.source(), record.bytes());
                } catch (MalformedBatchException e) {
                    // Counted by the replay that judges.
                }
            }
            progress.at(position, total);
            return true;
        });
        return new Stretch(begin, Math.max(begin, lastTick), engine.measureCounts.events, 0, 0, damage);
    }

    List<Seen> episodes() {
        return episodes;
    }

    @Override
    public void alert(Alert alert) {
        if (!alert.name().equals(rule.name())) {
            return;
        }
        String identity = alert.identity();
        switch (alert.state()) {
            case FIRING -> {
                Seen seen = new Seen(
                        new Firing(alert.labels(), alert.startsAtMillis(), alert.atMillis(), OptionalLong.empty()));
                episodes.add(seen);
                open.put(identity, seen);
            }
            case RESOLVED -> {
                Seen seen = open.remove(identity);
                if (seen != null) {
                    seen.firing = seen.firing.resolvedAt(alert.atMillis());
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
        for (Seen seen : open.values()) {
            tick.samples().forEach(seen::take);
        }
    }
}
