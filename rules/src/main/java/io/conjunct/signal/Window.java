// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import io.conjunct.signal.Feed.Part;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One sliding window of one feed and label set: the sum of its panes, kept by adding the newest and taking back the
 * expired one. Extremes cannot be taken back, so they keep the panes that can still become the answer (a monotonic
 * queue); the last value keeps the pane it came from.
 */
public final class Window {
    private final Cell sum;
    private final Deque<Extreme> minima = new ArrayDeque<>(0);
    private final Deque<Extreme> maxima = new ArrayDeque<>(0);
    private long lastPane = Long.MIN_VALUE;
    private long lastMillis;
    private double last = Double.NaN;

    /** A candidate for the smallest or largest value. */
    private record Extreme(long pane, double value) {}

    public Window(Part part) {
        this.sum = new Cell(part);
    }

    /** Adds a pane; panes come in rising order, several cells of one pane are allowed. */
    public void add(long pane, Cell cell) {
        sum.merge(cell);
        if (sum.part() == Part.EXTREMES) {
            push(minima, pane, cell.min(), -1);
            push(maxima, pane, cell.max(), 1);
        } else if (sum.part() == Part.LAST && cell.count() > 0) {
            if (pane > lastPane
                    || cell.lastMillis() > lastMillis
                    || (cell.lastMillis() == lastMillis && cell.last() > last)) {
                lastMillis = cell.lastMillis();
                last = cell.last();
            }
            lastPane = pane;
        }
    }

    /** Takes a pane back: the same cell that was added, or the merge of those added for it. */
    public void expire(long pane, Cell cell) {
        sum.subtract(cell);
        while (!minima.isEmpty() && minima.getFirst().pane <= pane) {
            minima.removeFirst();
        }
        while (!maxima.isEmpty() && maxima.getFirst().pane <= pane) {
            maxima.removeFirst();
        }
    }

    private static void push(Deque<Extreme> candidates, long pane, double value, int sign) {
        while (!candidates.isEmpty() && sign * Double.compare(candidates.getLast().value, value) <= 0) {
            candidates.removeLast();
        }
        if (candidates.isEmpty() || candidates.getLast().pane < pane) {
            candidates.addLast(new Extreme(pane, value));
        }
    }

    /** Number of events in the window. */
    public long count() {
        return sum.count();
    }

    public long matched() {
        return sum.matched();
    }

    public double sum() {
        return sum.sum();
    }

    public double min() {
        return minima.isEmpty() ? Double.NaN : minima.getFirst().value;
    }

    public double max() {
        return maxima.isEmpty() ? Double.NaN : maxima.getFirst().value;
    }

    public double last() {
        return count() == 0 ? Double.NaN : last;
    }

    public double quantile(double q) {
        return sum.histogram().quantile(q);
    }

    /** The value of a measure over this window, in what was recorded; NaN when there is nothing to compute it from. */
    public double value(Measure measure, double windowSeconds) {
        return switch (measure.type()) {
            case COUNT -> count();
            case RATE -> (measure.field().isEmpty() ? count() : sum()) / windowSeconds;
            case SUM -> sum();
            case AVG -> count() == 0 ? Double.NaN : sum() / count();
            case MIN -> min();
            case MAX -> max();
            case LAST -> last();
            case QUANTILE -> quantile(measure.quantile());
            case RATIO -> count() == 0 ? Double.NaN : (double) matched() / count();
        };
    }
}
