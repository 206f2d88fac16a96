// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Alert;
import io.conjunct.engine.Decisions;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.GroupTick.RuleState;
import io.conjunct.engine.LocalEngine;
import io.conjunct.engine.Mutes;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.history.History;
import io.conjunct.history.HistoryRecord.Kind;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a rule knew at an instant of a recorded past: it replays the history up to there, through the engine that
 * runs in production.
 */
public final class Explain {
    private final History history;
    private final EngineSettings settings;
    private final RuleGroup group;
    private final RuleGroup whole;
    private final Rule rule;

    private Explain(History history, EngineSettings settings, RuleGroup group, Rule rule) {
        this.history = requireNonNull(history, "history");
        this.settings = requireNonNull(settings, "settings");
        this.group = Backtest.needed(new RuleGroup(group.name(), group.owner(), group.signals(), List.of(rule)));
        this.whole = group;
        this.rule = rule;
    }

    /** Prepares the explanation of a rule; empty when there is none of that name. */
    public static Optional<Explain> of(History history, EngineSettings settings, RuleSet rules, String rule) {
        for (RuleGroup group : rules.groups()) {
            for (Rule candidate : group.rules()) {
                if (candidate.name().equals(rule)) {
                    return Optional.of(new Explain(history, settings, group, candidate));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * What was known at the last tick that is not after an instant: one explanation for each combination of join keys
     * that agrees with {@code labels}, firing ones first. None when the history has no tick before.
     */
    public List<Explanation> at(long millis, Map<String, String> labels, Progress progress) throws IOException {
        Tape tape = new Tape(millis);
        LocalEngine engine =
                new LocalEngine(settings, update -> new RuleSet("explain", List.of(group)), history.sources(), 1, tape);
        long first = history.begin().orElseThrow(() -> new IOException("there is no event in " + history.files()));
        long begin = settings.paneOf(first) * settings.tickMillis();
        engine.rules(new RuleUpdate("explain", begin, List.of()));
        long total = history.bytes();
        history.read((record, position) -> {
            if (record.kind() == Kind.BATCH) {
                try {
                    engine.batch(record.source(), record.bytes());
                } catch (MalformedBatchException e) {
                    // The live engine set it aside, too.
                }
            }
            progress.at(position, total);
            return !tape.passed;
        });
        GroupTick tick = tape.last;
        List<Explanation> explanations = new ArrayList<>();
        if (tick != null) {
            for (RuleState state : tick.rules()) {
                if (labels.entrySet().stream()
                        .allMatch(l -> l.getValue().equals(state.labels().get(l.getKey())))) {
                    explanations.add(new Explanation(
                            rule,
                            state,
                            Mutes.of(whole, rule, state.labels(), tick.atMillis()),
                            begin,
                            tick.atMillis(),
                            settings.tickMillis()));
                }
            }
            explanations.sort((a, b) -> b.state().state().compareTo(a.state().state()));
        }
        return explanations;
    }

    /** Keeps the last tick before an instant. */
    private static final class Tape implements Decisions {
        private final long until;
        private @Nullable GroupTick last;
        private boolean passed;

        Tape(long until) {
            this.until = until;
        }

        @Override
        public void alert(Alert alert) {
            // The state says it all.
        }

        @Override
        public void tick(GroupTick tick) {
            if (tick.atMillis() <= until) {
                last = tick;
            } else {
                passed = true;
            }
        }
    }
}
