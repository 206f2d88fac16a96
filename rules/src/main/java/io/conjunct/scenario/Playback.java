// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Muted;
import io.conjunct.engine.Decisions;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.GroupTick.RuleState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Everything that came out of a timeline: the episodes, and what every leg was at every tick. */
final class Playback implements Decisions {
    private final long start;
    private final long tick;
    private final int ticks;
    private final List<Seen> ended = new ArrayList<>();
    private final Map<String, Seen> firing = new TreeMap<>();
    private final Map<String, Long> pending = new HashMap<>();
    private final TreeMap<String, Track> tracks = new TreeMap<>();

    Playback(long start, Scenario scenario) {
        this.start = start;
        this.tick = scenario.tick();
        this.ticks = (int) (scenario.until() / scenario.tick());
    }

    @Override
    public void alert(Alert alert) {
        long at = alert.atMillis() - start;
        String identity = alert.identity();
        switch (alert.state()) {
            case PENDING -> pending.put(identity, at);
            case CANCELLED -> pending.remove(identity);
            case FIRING -> {
                Seen muted = firing.get(identity);
                if (muted != null) {
                    firing.put(identity, muted.toldAt(at));
                    return;
                }
                Long since = pending.remove(identity);
                OptionalLong began = since == null ? OptionalLong.empty() : OptionalLong.of(since);
                firing.put(
                        identity,
                        new Seen(
                                alert.name(),
                                alert.labels(),
                                alert.tier(),
                                began,
                                at,
                                OptionalLong.empty(),
                                alert.muted().map(Muted::by),
                                OptionalLong.empty(),
                                alert.reason()));
            }
            case RESOLVED -> {
                Seen seen = firing.remove(identity);
                if (seen != null) {
                    ended.add(seen.resolvedAt(at, alert.reason()));
                }
            }
        }
    }

    @Override
    public void tick(GroupTick now) {
        int index = (int) ((now.atMillis() - start) / tick) - 1;
        if (index < 0 || index >= ticks) {
            return;
        }
        for (RuleState state : now.rules()) {
            tracks.computeIfAbsent(state.rule() + state.labels(), k -> new Track(state, ticks))
                    .record(index, state);
        }
    }

    /** All episodes in the order in which they fired. */
    List<Seen> episodes() {
        List<Seen> all = new ArrayList<>(ended);
        all.addAll(firing.values());
        all.sort((a, b) ->
                a.firing() == b.firing() ? a.identity().compareTo(b.identity()) : Long.compare(a.firing(), b.firing()));
        return all;
    }

    List<Track> tracks() {
        return List.copyOf(tracks.values());
    }
}
