// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.engine.Plan.Match;
import io.conjunct.event.EventBatchReader;
import io.conjunct.event.Exemplar;
import io.conjunct.event.Field;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.event.Series;
import io.conjunct.signal.Cell;
import io.conjunct.signal.Feed.Part;
import io.conjunct.signal.Outcome;
import org.jspecify.annotations.Nullable;

/** Counts events of one series for one feed into the cells of the current record. */
final class Accumulator {
    private final EventBatchReader reader;
    private final MeasureCounts counts;
    private final Slot slot;
    private final Touched touched;
    private final Part part;
    private final int field;
    private final Field.Type type;
    private final boolean hit;
    private final Outcome.@Nullable Measured outcome;
    private final int outcomeField;

    Accumulator(Match match, Series series, EventBatchReader reader, MeasureCounts counts, Slot slot, Touched touched) {
        this.reader = reader;
        this.counts = counts;
        this.slot = slot;
        this.touched = touched;
        this.part = match.source().feed.part();
        this.field = match.field();
        this.type = field < 0 ? Field.Type.NUMBER : series.fields().get(field).type();
        this.hit = match.hit();
        this.outcome = match.source().measured.length == 0 ? null : match.source().measured[0];
        this.outcomeField = outcome == null ? -1 : series.indexOfField(outcome.field());
    }

    /** Counts the events {@code from} to {@code to}, all of one pane, and offers the traces that belong to it. */
    void count(long pane, long[] times, int from, int to, EngineSettings settings) throws MalformedBatchException {
        if (slot.isUntouched()) {
            touched.add(slot);
        }
        Cell cell = slot.cell(pane);
        if (part == Part.SHARE) {
            countShare(cell, from, to);
        } else if (field < 0) {
            cell.addOccurrences(measurements(from, to));
        } else {
            countField(cell, times, from, to);
        }
        for (Exemplar exemplar : reader.exemplars()) {
            if (settings.paneOf(exemplar.timeMillis()) == pane) {
                cell.offer(exemplar);
            }
        }
    }

    /** A histogram data point stands for as many measurements as it counted. */
    private long measurements(int from, int to) throws MalformedBatchException {
        if (reader.columns() != 1 || !reader.hasDistributions(0)) {
            return to - from;
        }
        long measurements = 0;
        for (int i = from; i < to; i++) {
            measurements += reader.measurements(0, i);
        }
        return measurements;
    }

    private void countShare(Cell cell, int from, int to) throws MalformedBatchException {
        if (outcome == null) {
            long events = measurements(from, to);
            cell.addShare(events, hit ? events : 0);
            return;
        }
        if (outcomeField < 0) {
            cell.addShare(to - from, 0);
            return;
        }
        long hits = 0;
        for (int i = from; i < to; i++) {
            double value = reader.value(outcomeField, i);
            if (!Double.isNaN(value) && outcome.comparator().test(value, outcome.threshold())) {
                hits++;
            }
        }
        cell.addShare(to - from, hits);
    }

    private void countField(Cell cell, long[] times, int from, int to) throws MalformedBatchException {
        switch (type) {
            case DURATION -> {
                if (cell.part() == Part.LAST) {
                    for (int i = from; i < to; i++) {
                        cell.addNumber(reader.durations(field)[i], times[i]);
                    }
                } else {
                    cell.addDurations(reader.durations(field), from, to);
                }
            }
            case NUMBER -> {
                double[] numbers = reader.numbers(field);
                for (int i = from; i < to; i++) {
                    if (Double.isFinite(numbers[i])) {
                        cell.addNumber(numbers[i], times[i]);
                    } else {
                        counts.notFinite++;
                    }
                }
            }
            case DISTRIBUTION -> {
                for (int i = from; i < to; i++) {
                    cell.addDistribution(reader.distribution(field, i), times[i]);
                }
            }
        }
    }
}
