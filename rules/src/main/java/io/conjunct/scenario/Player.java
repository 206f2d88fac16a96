// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.LocalEngine;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchBuilder;
import io.conjunct.event.Series;
import io.conjunct.rule.RuleSet;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Plays a timeline through the engine: one batch a tick, which promises that the tick is complete. No clock is asked, and
 * nothing is random beyond the seeds in the file.
 */
final class Player {
    /** Where time 0 lies, before it is moved to a tick: a Monday, midnight UTC. */
    private static final long START = 1_767_571_200_000L;

    private static final int FULL_BATCH = EventBatch.MAX_BYTES / 2;
    private static final Comparator<Late> BY_TIME = Comparator.comparingLong(Late::millis);

    private final Scenario scenario;
    private final long start;
    private final Playback playback;
    private final LocalEngine engine;
    private final EventBatchBuilder builder;
    /** Events that jitter has moved behind the tick of their instant. */
    private final PriorityQueue<Late> late = new PriorityQueue<>(BY_TIME);

    private long promised;
    private long sequence;

    /** An event that waits for its tick. */
    private record Late(long millis, Series series, Object[] values) {}

    private Player(Scenario scenario, RuleSet rules) {
        this.scenario = scenario;
        this.start = Expected.up(START, scenario.tick());
        this.playback = new Playback(start, scenario);
        this.builder = new EventBatchBuilder(scenario.tick());
        EngineSettings settings = EngineSettings.of(Duration.ofMillis(scenario.tick()));
        this.engine = new LocalEngine(settings, update -> rules, 1, 1, playback);
        engine.rules(new RuleUpdate(rules.revision(), start, List.of()));
    }

    static Playback play(Scenario scenario, RuleSet rules) {
        Player player = new Player(scenario, rules);
        player.play();
        return player.playback;
    }

    private void play() {
        List<EventLine.Cursor> cursors =
                scenario.given().stream().map(line -> line.new Cursor()).toList();
        for (long end = scenario.tick(); end <= scenario.until(); end += scenario.tick()) {
            long before = end;
            while (!late.isEmpty() && late.element().millis() < before) {
                Late event = late.remove();
                add(event.millis(), event.series(), event.values(), before);
            }
            for (EventLine.Cursor cursor : cursors) {
                cursor.before(before, (millis, series, values) -> add(millis, series, values, before));
            }
            promised = end;
            send(end);
        }
    }

    private void add(long millis, Series series, Object[] values, long before) {
        if (millis >= before) {
            late.add(new Late(millis, series, values));
            return;
        }
        builder.add(builder.series(series), start + millis, values);
        if (builder.estimatedBytes() > FULL_BATCH) {
            send(before);
        }
    }

    private void send(long received) {
        engine.batch(0, builder.build(new Header("test", 1, ++sequence, start + promised, start + received, false)));
    }
}
