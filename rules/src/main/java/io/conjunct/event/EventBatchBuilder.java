// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects events into the columns of a batch. Not thread-safe. The caller decides when a batch is full
 * ({@link #events()}, {@link #estimatedBytes()}) and takes it with {@link #build}.
 */
public final class EventBatchBuilder {
    private final long tickMillis;
    private final Map<Series, Integer> dictionary = new LinkedHashMap<>();
    private final List<Columns> columns = new ArrayList<>();
    private int events;
    private int bytes;

    /** @param tickMillis the engine's tick: exemplars are kept per tick so that batching does not choose between them */
    public EventBatchBuilder(long tickMillis) {
        this.tickMillis = tickMillis;
    }

    /** Number of this series in the batch, adding it when it is new. */
    public int series(Series series) {
        Integer known = dictionary.get(series);
        if (known != null) {
            return known;
        }
        int index = columns.size();
        dictionary.put(series, index);
        columns.add(new Columns(series));
        int size = 16 + series.service().length() + series.name().length();
        for (Map.Entry<String, String> attribute : series.attributes().entrySet()) {
            size += attribute.getKey().length() + attribute.getValue().length() + 6;
        }
        for (Field field : series.fields()) {
            size += field.name().length() + 6;
        }
        bytes += size;
        return index;
    }

    /** Adds a span: an event whose only field is its duration. */
    public void addSpan(int series, long timeMillis, long durationNanos) {
        Columns c = columns.get(series);
        int row = c.newRow(timeMillis);
        ((long[]) c.values[0])[row] = durationNanos;
        counted(8);
    }

    /**
     * Adds an event.
     *
     * @param values one per field of the series, in its order: nanoseconds as Long, finite Double, or Distribution
     */
    public void add(int series, long timeMillis, Object... values) {
        Columns c = columns.get(series);
        if (values.length != c.series.fields().size()) {
            throw new IllegalArgumentException("values: " + values.length + " (expected: "
                    + c.series.fields().size() + ", one per field)");
        }
        int row = c.newRow(timeMillis);
        int size = 3;
        for (int i = 0; i < values.length; i++) {
            Object column = c.values[i];
            if (column instanceof long[] durations) {
                durations[row] = (Long) values[i];
                size += 5;
            } else if (column instanceof double[] numbers) {
                numbers[row] = (Double) values[i];
                size += 8;
            } else {
                ((Distribution[]) column)[row] = (Distribution) values[i];
                size += 24 + 3 * occupied((Distribution) values[i]);
            }
        }
        counted(size);
    }

    private static int occupied(Distribution distribution) {
        int[] buckets = {0};
        distribution.histogram().forEach((index, negative, count) -> buckets[0]++);
        return buckets[0];
    }

    /** Offers a trace as evidence; per series and tick the slowest and the last failed one are kept. */
    public void offerExemplar(int series, Exemplar exemplar) {
        bytes += columns.get(series).offer(exemplar, Math.floorDiv(exemplar.timeMillis(), tickMillis));
    }

    /** Number of events added since the last {@link #build}. */
    public int events() {
        return events;
    }

    /** About how long the encoded batch would be, before compression. An upper estimate for spans. */
    public int estimatedBytes() {
        return bytes;
    }

    /** Takes the batch out; the builder is empty afterwards. */
    public EventBatch build(Header header) {
        List<Rows> rows = new ArrayList<>(columns.size());
        for (Columns c : columns) {
            if (c.count > 0) {
                rows.add(c.rows());
            }
        }
        dictionary.clear();
        columns.clear();
        events = 0;
        bytes = 0;
        return new EventBatch(header, rows);
    }

    private void counted(int size) {
        events++;
        bytes += size;
    }

    /** The growing columns of one series. */
    private static final class Columns {
        private static final int INITIAL = 8;

        private final Series series;
        private long[] times = new long[INITIAL];
        private final Object[] values;
        private int count;
        private final Map<Long, @Nullable Exemplar[]> exemplars = new TreeMap<>();

        Columns(Series series) {
            this.series = series;
            this.values = new Object[series.fields().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (series.fields().get(i).type()) {
                    case DURATION -> new long[INITIAL];
                    case NUMBER -> new double[INITIAL];
                    case DISTRIBUTION -> new Distribution[INITIAL];
                };
            }
        }

        int newRow(long timeMillis) {
            if (count == times.length) {
                resize(count * 2);
            }
            times[count] = timeMillis;
            return count++;
        }

        private void resize(int length) {
            times = Arrays.copyOf(times, length);
            for (int i = 0; i < values.length; i++) {
                Object column = values[i];
                if (column instanceof long[] durations) {
                    values[i] = Arrays.copyOf(durations, length);
                } else if (column instanceof double[] numbers) {
                    values[i] = Arrays.copyOf(numbers, length);
                } else {
                    values[i] = Arrays.copyOf((Distribution[]) column, length);
                }
            }
        }

        /** Keeps the exemplar when it beats the one at its place; returns the bytes that the batch grew by. */
        int offer(Exemplar exemplar, long tick) {
            @Nullable Exemplar[] kept = exemplars.computeIfAbsent(tick, t -> new Exemplar[2]);
            int grown = 0;
            Exemplar slowest = kept[0];
            if (slowest == null || exemplar.slowerThan(slowest)) {
                kept[0] = exemplar;
                grown += slowest == null ? 36 : 0;
            }
            Exemplar failed = kept[1];
            if (exemplar.failed() && (failed == null || exemplar.laterThan(failed))) {
                kept[1] = exemplar;
                grown += failed == null ? 36 : 0;
            }
            return grown;
        }

        Rows rows() {
            resize(count);
            List<Exemplar> kept = new ArrayList<>();
            for (@Nullable Exemplar[] ofTick : exemplars.values()) {
                Exemplar slowest = ofTick[0];
                Exemplar failed = ofTick[1];
                if (slowest != null) {
                    kept.add(slowest);
                }
                if (failed != null && !failed.equals(slowest)) {
                    kept.add(failed);
                }
            }
            return new Rows(series, times, values, kept);
        }
    }
}
