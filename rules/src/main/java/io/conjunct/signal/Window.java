// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import io.conjunct.signal.Feed.Part;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One sliding window of one feed and label set: the sum of its panes, kept by adding the newest and taking back the
 * expired one. Extremes and the last value cannot be taken back, so they keep the panes that can still become the answer
 * (a monotonic queue).
 */
public final class Window {
    private final Cell sum;
    private final Deque<Candidate> smallest = new ArrayDeque<>(0);
    private final Deque<Candidate> largest = new ArrayDeque<>(0);
    private final Deque<Candidate> latest = new ArrayDeque<>(0);

    /**
     * The best value of a pane.
     *
     * @param order what is compared before the value: the event time where the last value is asked for
     */
    private record Candidate(long pane, long order, double value) {
        boolean beats(Candidate other, int sign) {
            return order != other.order ? order > other.order : sign * Double.compare(value, other.value) >= 0;
        }
    }

    public Window(Part part) {
        this.sum = new Cell(part);
    }

    /** Adds a pane; panes come in rising order, several cells of one pane are allowed. */
    public void add(long pane, Cell cell) {
        sum.merge(cell);
        if (cell.count() == 0) {
            return;
        }
        if (sum.part() == Part.EXTREMES) {
            push(smallest, new Candidate(pane, 0, cell.min()), -1);
            push(largest, new Candidate(pane, 0, cell.max()), 1);
        } else if (sum.part() == Part.LAST) {
            // A late event is counted in a younger pane than its time says.
            push(latest, new Candidate(pane, cell.lastMillis(), cell.last()), 1);
        }
    }

    /** Takes a pane back: the same cell that was added, or the merge of those added for it. */
    public void expire(long pane, Cell cell) {
        sum.subtract(cell);
        drop(smallest, pane);
        drop(largest, pane);
        drop(latest, pane);
    }

    private static void push(Deque<Candidate> candidates, Candidate candidate, int sign) {
        while (!candidates.isEmpty() && candidate.beats(candidates.getLast(), sign)) {
            candidates.removeLast();
        }
        if (candidates.isEmpty() || candidates.getLast().pane < candidate.pane) {
            candidates.addLast(candidate);
        }
    }

    private static void drop(Deque<Candidate> candidates, long pane) {
        while (!candidates.isEmpty() && candidates.getFirst().pane <= pane) {
            candidates.removeFirst();
        }
    }

    private static double first(Deque<Candidate> candidates) {
        return candidates.isEmpty() ? Double.NaN : candidates.getFirst().value;
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
        return first(smallest);
    }

    public double max() {
        return first(largest);
    }

    public double last() {
        return first(latest);
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
