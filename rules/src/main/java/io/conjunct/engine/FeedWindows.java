// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.engine.PaneLog.FeedKey;
import io.conjunct.engine.PaneLog.Pane;
import io.conjunct.signal.Cell;
import io.conjunct.signal.Feed;
import io.conjunct.signal.Window;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sliding windows of one feed: for every label set one running sum per window length. A label set whose windows are
 * all empty is remembered for the time the settings state, so that "none at all" can be told from "never seen".
 */
final class FeedWindows {
    final Feed feed;
    final FeedKey key;
    private final long[] ticks;
    private final int[] levels;
    private final int maxSeries;
    private final long retireTicks;
    private final TreeMap<LabelValues, Window[]> series = new TreeMap<>();
    /** Label sets without an event in any window: the pane in which they ran empty. */
    private final Map<LabelValues, Long> dormant = new HashMap<>();

    private boolean dormantChanged;

    /** @param windowTicks the distinct window lengths read from the feed, rising */
    FeedWindows(Feed feed, long origin, Collection<Long> windowTicks, int maxSeries, long retireTicks) {
        this.feed = feed;
        this.key = new FeedKey(feed.id(), origin);
        this.ticks = windowTicks.stream().mapToLong(Long::longValue).sorted().toArray();
        this.levels = new int[ticks.length];
        for (int i = 0; i < ticks.length; i++) {
            levels[i] = PaneLog.levelOf(ticks[i]);
        }
        this.maxSeries = maxSeries;
        this.retireTicks = retireTicks;
    }

    int highestLevel() {
        return levels[levels.length - 1];
    }

    int windows() {
        return ticks.length;
    }

    long ticks(int window) {
        return ticks[window];
    }

    int level(int window) {
        return levels[window];
    }

    /** Position of the window of this length. */
    int indexOf(long windowTicks) {
        for (int i = 0; i < ticks.length; i++) {
            if (ticks[i] == windowTicks) {
                return i;
            }
        }
        throw new IllegalArgumentException("no window of " + windowTicks + " ticks");
    }

    /** Label sets known now, in order. */
    Collection<LabelValues> labels() {
        return series.keySet();
    }

    @Nullable
    Window window(LabelValues labels, int window) {
        Window[] windows = series.get(labels);
        return windows == null ? null : windows[window];
    }

    /**
     * Adds the cells of a closed pane.
     *
     * @return the cells of label sets that were admitted; the others are beyond the limit
     */
    TreeMap<LabelValues, Cell> add(long pane, Map<LabelValues, Cell> cells) {
        TreeMap<LabelValues, Cell> admitted = new TreeMap<>(cells);
        Iterator<Map.Entry<LabelValues, Cell>> all = admitted.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<LabelValues, Cell> entry = all.next();
            Window[] windows = series.get(entry.getKey());
            if (windows == null) {
                if (series.size() >= maxSeries) {
                    all.remove();
                    continue;
                }
                windows = newWindows();
                series.put(entry.getKey(), windows);
            }
            dormantChanged |= dormant.remove(entry.getKey()) != null;
            for (int i = 0; i < windows.length; i++) {
                windows[i].add(pane >> levels[i], entry.getValue());
            }
        }
        return admitted;
    }

    /** Takes an expired pane of one window back. */
    void expire(int window, long index, Pane pane, long now) {
        boolean longest = window == ticks.length - 1;
        pane.cells(key).forEach((labels, cell) -> {
            Window[] windows = series.get(labels);
            if (windows != null) {
                windows[window].expire(index, cell);
                if (longest && windows[window].count() == 0) {
                    dormant.put(labels, now);
                    dormantChanged = true;
                }
            }
        });
    }

    /** Forgets label sets that ran empty long ago. */
    void retire(long now) {
        dormant.entrySet().removeIf(entry -> {
            boolean due = now - entry.getValue() >= retireTicks;
            if (due) {
                series.remove(entry.getKey());
                dormantChanged = true;
            }
            return due;
        });
    }

    /** Puts one window together again from the pane log, as it was when {@code last} was closed. */
    void rebuild(int window, PaneLog log, long last) {
        replay(window, log, last, (tick, pane) -> {
            for (Map.Entry<LabelValues, Cell> entry : pane.cells(key).entrySet()) {
                Window[] windows = series.computeIfAbsent(entry.getKey(), l -> newWindows());
                windows[window].add(tick >> levels[window], entry.getValue());
            }
        });
    }

    /** Visits the panes that a window is made of, oldest first. */
    void forEachPane(int window, PaneLog log, long last, Consumer<Pane> visitor) {
        replay(window, log, last, (tick, pane) -> visitor.accept(pane));
    }

    private void replay(int window, PaneLog log, long last, PaneLog.Visitor visitor) {
        long width = 1L << levels[window];
        long first = Math.floorDiv(Math.max(last - ticks[window] + 1, key.origin()), width) * width;
        log.replay(levels[window], first, last, visitor);
    }

    private Window[] newWindows() {
        Window[] windows = new Window[ticks.length];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = new Window(feed.part());
        }
        return windows;
    }

    /** Label sets that ran empty and when, for the store. */
    Map<LabelValues, Long> dormant() {
        return dormant;
    }

    /** Whether they changed since the last call. */
    boolean takeDormantChanged() {
        boolean was = dormantChanged;
        dormantChanged = false;
        return was;
    }

    /** Restores a label set that ran empty. */
    void restoreDormant(LabelValues labels, long since) {
        series.computeIfAbsent(labels, l -> newWindows());
        dormant.put(labels, since);
    }
}
