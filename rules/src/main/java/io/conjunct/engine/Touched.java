// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.engine.Partial.FeedCells;
import io.conjunct.engine.Partial.LabelCells;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The slots that a record, or several together, counted in, by the task that decides them, in the order they were touched. */
final class Touched {
    /** Beyond this many slots per task and record their memory is given back. */
    private static final int MAX_KEPT = 10_000;

    private final List<List<Slot>> byTarget = new ArrayList<>();

    Touched(int targets) {
        for (int i = 0; i < targets; i++) {
            byTarget.add(new ArrayList<>());
        }
    }

    void add(Slot slot) {
        byTarget.get(slot.source.target).add(slot);
    }

    /** What a task is to be sent; valid until {@link #clear}. */
    List<FeedCells> cells(int target) {
        Map<Plan.Source, List<LabelCells>> feeds = new LinkedHashMap<>();
        for (Slot slot : byTarget.get(target)) {
            feeds.computeIfAbsent(slot.source, s -> new ArrayList<>()).add(slot.cells());
        }
        List<FeedCells> cells = new ArrayList<>(feeds.size());
        feeds.forEach((source, series) -> cells.add(new FeedCells(source.id, source.feed.part(), series)));
        return cells;
    }

    /** Adds everything counted here to what was counted there. */
    void addTo(Touched sum) {
        for (List<Slot> slots : byTarget) {
            slots.forEach(slot -> slot.addTo(sum));
        }
    }

    void clear() {
        for (List<Slot> slots : byTarget) {
            boolean keepMemory = slots.size() <= MAX_KEPT;
            slots.forEach(slot -> slot.clear(keepMemory));
            slots.clear();
        }
    }
}
