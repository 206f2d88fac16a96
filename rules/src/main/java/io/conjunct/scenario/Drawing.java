// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.alert.Truth;
import io.conjunct.engine.GroupTick.AlertState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A timeline drawn in text: per leg its value as a line of bars and whether it held, then the alert as it was and as it
 * was expected. One column stands for the same time in every line.
 *
 * <p>{@code T}, {@code F} and {@code ?} mean that the leg was true, false or unknown for the whole column; {@code t} that
 * it was true for part of it, {@code f} false for part and otherwise unknown.
 */
final class Drawing {
    private static final int WIDTH = 64;
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int MAX_LABEL = 44;

    private final long tick;
    private final int ticks;
    private final int columns;
    private final StringBuilder out = new StringBuilder();
    private final String indent;

    private Drawing(Outcome outcome, String indent) {
        this.tick = outcome.tick();
        this.ticks = (int) (outcome.length() / outcome.tick());
        this.columns = Math.min(WIDTH, ticks);
        this.indent = indent;
    }

    /** Draws one alert of a test. */
    static String of(Track track, Outcome outcome, String indent) {
        Drawing drawing = new Drawing(outcome, indent);
        drawing.draw(track, outcome);
        return drawing.out.toString();
    }

    private void draw(Track track, Outcome outcome) {
        int label = 8;
        for (Track.OfLeg leg : track.legs) {
            label = Math.max(label, Math.min(MAX_LABEL, leg.text.length()));
        }
        row(label, "", axis());
        for (Track.OfLeg leg : track.legs) {
            row(label, cut(leg.text), bars(leg) + "  " + range(leg));
            row(label, "", truths(leg));
        }
        row(label, "alert", states(track));
        row(label, "expected", expected(track, outcome));
    }

    private void row(int label, String name, String content) {
        String line = indent + " ".repeat(label - name.length()) + name + "  " + content;
        out.append(line.stripTrailing()).append('\n');
    }

    private static String cut(String text) {
        return text.length() <= MAX_LABEL ? text : text.substring(0, MAX_LABEL - 1) + "…";
    }

    /** First tick of a column; of the column behind the last one the end. */
    private int first(int column) {
        return (int) ((long) column * ticks / columns);
    }

    private String axis() {
        char[] line = new char[columns + 12];
        Arrays.fill(line, ' ');
        int free = 0;
        for (int i = 0; i <= 4; i++) {
            int column = i * columns / 4;
            long at = first(column) * tick;
            // Whole minutes are exact enough where a column is longer than that.
            String time = Expected.time(ticks * tick < 3_600_000 ? at : Math.round(at / 60_000.0) * 60_000);
            if (column >= free && column + time.length() + 1 <= line.length) {
                line[column] = '|';
                time.getChars(0, time.length(), line, column + 1);
                free = column + time.length() + 2;
            }
        }
        return new String(line);
    }

    private String bars(Track.OfLeg leg) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < ticks; i++) {
            for (double value : new double[] {leg.values[i], leg.thresholds[i]}) {
                low = Double.isFinite(value) ? Math.min(low, value) : low;
                high = Double.isFinite(value) ? Math.max(high, value) : high;
            }
        }
        // What cannot be negative is drawn from zero.
        low = low > 0 ? 0 : low;
        StringBuilder bars = new StringBuilder();
        for (int c = 0; c < columns; c++) {
            double largest = Double.NaN;
            for (int i = first(c); i < first(c + 1); i++) {
                double value = leg.values[i];
                if (Double.isFinite(value) && !(largest >= value)) {
                    largest = value;
                }
            }
            bars.append(Double.isNaN(largest) ? ' ' : bar(largest, low, high));
        }
        return bars.toString();
    }

    private static char bar(double value, double low, double high) {
        int step = high > low ? (int) ((value - low) / (high - low) * (BARS.length() - 1) + 0.5) : 0;
        return BARS.charAt(Math.max(0, Math.min(BARS.length() - 1, step)));
    }

    private static String range(Track.OfLeg leg) {
        double low = Arrays.stream(leg.values).filter(Double::isFinite).min().orElse(Double.NaN);
        double high = Arrays.stream(leg.values).filter(Double::isFinite).max().orElse(Double.NaN);
        if (Double.isNaN(low)) {
            return "never known";
        }
        String from = Amounts.text(low, leg.unit);
        String to = Amounts.text(high, leg.unit);
        return from.equals(to) ? from : from + " … " + to;
    }

    private String truths(Track.OfLeg leg) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < columns; c++) {
            int[] count = new int[3];
            for (int i = first(c); i < first(c + 1); i++) {
                count[leg.truths[i].ordinal()]++;
            }
            int all = first(c + 1) - first(c);
            int yes = count[Truth.TRUE.ordinal()];
            int no = count[Truth.FALSE.ordinal()];
            line.append(yes == all ? 'T' : yes > 0 ? 't' : no == all ? 'F' : no > 0 ? 'f' : '?');
        }
        return line.toString();
    }

    private String states(Track track) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < columns; c++) {
            AlertState strongest = AlertState.INACTIVE;
            for (int i = first(c); i < first(c + 1); i++) {
                strongest = track.states[i].compareTo(strongest) > 0 ? track.states[i] : strongest;
            }
            line.append(strongest == AlertState.FIRING ? '█' : strongest == AlertState.PENDING ? '░' : '·');
        }
        return line.toString();
    }

    /** What must have been: the episodes that fitted, and those that were expected in place of others. */
    private String expected(Track track, Outcome outcome) {
        char[] line = new char[columns];
        Arrays.fill(line, '·');
        List<long[]> stretches = new ArrayList<>();
        for (Seen seen : outcome.seen()) {
            boolean mismatched = outcome.mismatches().stream()
                    .anyMatch(m -> m.seen().filter(seen::equals).isPresent());
            if (!mismatched && isOf(track, seen)) {
                stretches.add(new long[] {seen.firing(), seen.resolved().orElse(outcome.length() + tick)});
            }
        }
        for (Mismatch mismatch : outcome.mismatches()) {
            mismatch.expected()
                    .filter(e -> e.alert().equals(track.rule)
                            && mismatch.seen()
                                    .map(s -> isOf(track, s))
                                    .orElseGet(() -> track.labels
                                            .entrySet()
                                            .containsAll(e.labels().entrySet())))
                    .ifPresent(e ->
                            stretches.add(new long[] {e.firing(), e.resolved().orElse(outcome.length() + tick)}));
        }
        for (long[] stretch : stretches) {
            for (int c = 0; c < columns; c++) {
                // Tick i is decided at (i + 1) * tick.
                long begin = (first(c) + 1) * tick;
                long end = (first(c + 1) + 1) * tick;
                if (stretch[0] < end && stretch[1] > begin) {
                    line[c] = '█';
                }
            }
        }
        return new String(line);
    }

    private static boolean isOf(Track track, Seen seen) {
        return seen.alert().equals(track.rule) && seen.labels().entrySet().containsAll(track.labels.entrySet());
    }
}
