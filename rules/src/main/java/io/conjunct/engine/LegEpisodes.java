// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.alert.Episode;
import io.conjunct.alert.LegPages;
import io.conjunct.alert.Truth;
import io.conjunct.engine.LegDecider.Result;
import io.conjunct.rule.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each leg of a rule would have done alone: the same {@code for}, {@code within}, {@code tolerate} and
 * {@code keep_firing_for}, joined by those of the rule's keys that the leg has, resolved when the leg no longer holds.
 * Nobody is told; the episodes of a day are counted. It holds one episode for each leg and key that holds or held lately.
 */
final class LegEpisodes {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long NEVER = Long.MIN_VALUE;

    /** A leg, and what became of it so far. */
    private static final class Solo {
        final LegDecider leg;
        final boolean negated;
        final boolean joins;
        final TreeMap<LabelValues, Alone> alone = new TreeMap<>();
        int pages;

        Solo(LegDecider leg, boolean negated, boolean joins) {
            this.leg = leg;
            this.negated = negated;
            this.joins = joins;
        }

        String text() {
            return (negated ? "NOT " : "") + leg.comparison.text();
        }
    }

    /** One key of a leg. */
    private static final class Alone {
        Episode episode = new Episode();
        long lastHeld = NEVER;
    }

    private final List<Solo> solos = new ArrayList<>();
    private final Episode.Terms terms;
    private final long withinTicks;
    private long day = NEVER;

    /**
     * @param legs of the rule's condition; fewer than two have nothing to be compared with
     * @param negated those that count when they do not hold
     * @param on the rule's keys
     */
    LegEpisodes(
            List<LegDecider> legs, Set<LegDecider> negated, List<String> on, Episode.Terms terms, long withinTicks) {
        this.terms = terms;
        this.withinTicks = withinTicks;
        if (legs.size() > 1) {
            legs.forEach(leg ->
                    solos.add(new Solo(leg, negated.contains(leg), on.stream().anyMatch(leg.by::contains))));
        }
    }

    /** One tick. True when something would have been told, so that the day's counts are other than before. */
    boolean tick(Map<LegDecider, Map<LabelValues, List<Result>>> results, long pane, long nowMillis) {
        long today = Math.floorDiv(nowMillis, DAY) * DAY;
        if (today != day) {
            day = today;
            solos.forEach(solo -> solo.pages = 0);
        }
        boolean told = false;
        for (Solo solo : solos) {
            Map<LabelValues, List<Result>> known = results.getOrDefault(solo.leg, Map.of());
            if (solo.joins) {
                solo.alone.keySet().removeIf(key -> !known.containsKey(key));
            }
            for (LabelValues key : solo.joins ? known.keySet() : Set.of(LabelValues.NONE)) {
                told |= tick(solo, key, truest(known.getOrDefault(key, List.of())), pane, nowMillis);
            }
        }
        return told;
    }

    private boolean tick(Solo solo, LabelValues key, Truth held, long pane, long nowMillis) {
        Truth now = solo.negated ? held.not() : held;
        Alone alone = solo.alone.get(key);
        if (alone == null) {
            if (now != Truth.TRUE) {
                return false;
            }
            alone = new Alone();
            solo.alone.put(key, alone);
        }
        if (now == Truth.TRUE) {
            alone.lastHeld = pane;
        }
        boolean lately = alone.lastHeld != NEVER && alone.lastHeld > pane - withinTicks;
        Truth when = lately ? Truth.TRUE : now;
        boolean fired = alone.episode.step(when, when.not(), nowMillis, terms).contains(Episode.Change.FIRED);
        if (fired) {
            solo.pages++;
        }
        if (alone.episode.isInactive() && !lately) {
            solo.alone.remove(key);
        }
        return fired;
    }

    private static Truth truest(List<Result> candidates) {
        Truth best = candidates.isEmpty() ? Truth.UNKNOWN : candidates.get(0).truth();
        for (Result candidate : candidates) {
            best = candidate.truth().compareTo(best) > 0 ? candidate.truth() : best;
        }
        return best;
    }

    /** Whether no leg holds or held lately; then nothing changes from tick to tick. */
    boolean isEmpty() {
        return solos.stream().allMatch(solo -> solo.alone.isEmpty());
    }

    /** The day's counts so far. */
    LegPages pages(Rule rule, String group) {
        return new LegPages(
                rule.name(),
                group,
                rule.fingerprint(),
                day,
                solos.stream()
                        .map(solo -> new LegPages.Count(solo.text(), solo.pages))
                        .toList());
    }

    void writeTo(CodedOutputStream out) throws IOException {
        out.writeSInt64NoTag(day);
        out.writeUInt32NoTag(solos.size());
        for (Solo solo : solos) {
            out.writeUInt32NoTag(solo.pages);
            out.writeUInt32NoTag(solo.alone.size());
            for (Map.Entry<LabelValues, Alone> entry : solo.alone.entrySet()) {
                entry.getKey().writeTo(out);
                entry.getValue().episode.writeTo(out);
                out.writeSInt64NoTag(entry.getValue().lastHeld);
            }
        }
    }

    /** Takes over what {@link #writeTo} wrote for the same rule. */
    void readFrom(CodedInputStream in) throws IOException {
        day = in.readSInt64();
        int size = in.readUInt32();
        for (int i = 0; i < size; i++) {
            Optional<Solo> solo = i < solos.size() ? Optional.of(solos.get(i)) : Optional.empty();
            int pages = in.readUInt32();
            solo.ifPresent(known -> known.pages = pages);
            int keys = in.readUInt32();
            for (int j = 0; j < keys; j++) {
                LabelValues key = LabelValues.readFrom(in);
                Alone alone = new Alone();
                alone.episode = Episode.readFrom(in);
                alone.lastHeld = in.readSInt64();
                solo.ifPresent(known -> known.alone.put(key, alone));
            }
        }
    }
}
