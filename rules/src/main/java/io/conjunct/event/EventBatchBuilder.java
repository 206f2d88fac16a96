// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import com.google.protobuf.CodedOutputStream;
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
    // Tags, lengths and small numbers around the content, at their longest.
    private static final int ROWS_BYTES = 34;
    private static final int COLUMN_BYTES = 16;
    private static final int DISTRIBUTION_BYTES = 52;
    private static final int EXEMPLAR_BYTES = 44;

    private final long tickMillis;
    private final SpareColumns spare;
    private final Map<Series, Integer> dictionary = new LinkedHashMap<>();
    private final ArrayList<Columns> columns = new ArrayList<>();
    private int events;
    private int bytes;

    /** @param tickMillis the engine's tick: exemplars are kept per tick so that batching does not choose between them */
    public EventBatchBuilder(long tickMillis) {
        this(tickMillis, new SpareColumns());
    }

    /** The same with arrays that builders before it have left. */
    public EventBatchBuilder(long tickMillis, SpareColumns spare) {
        this.tickMillis = tickMillis;
        this.spare = spare;
    }

    /** Number of this series in the batch, adding it when it is new. */
    public int series(Series series) {
        Integer known = dictionary.get(series);
        if (known != null) {
            return known;
        }
        int index = columns.size();
        dictionary.put(series, index);
        columns.add(new Columns(series, spare));
        int size = ROWS_BYTES + utf8(series.service()) + utf8(series.name());
        for (Map.Entry<String, String> attribute : series.attributes().entrySet()) {
            size += 6 + utf8(attribute.getKey()) + utf8(attribute.getValue());
        }
        for (Field field : series.fields()) {
            size += COLUMN_BYTES + utf8(field.name());
        }
        bytes += size;
        return index;
    }

    /** Adds a span: an event whose only field is its duration. A negative one (clocks differ) counts as 0. */
    public void addSpan(int series, long timeMillis, long durationNanos) {
        Columns c = columns.get(series);
        long duration = Math.max(0, durationNanos);
        int size = c.timeBytes(timeMillis) + MessageBuffer.bytesOf(duration);
        int row = c.newRow(timeMillis);
        ((long[]) c.values[0])[row] = duration;
        counted(size);
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
        int size = c.timeBytes(timeMillis);
        int row = c.newRow(timeMillis);
        for (int i = 0; i < values.length; i++) {
            Object column = c.values[i];
            if (column instanceof long[] durations) {
                durations[row] = Math.max(0, (Long) values[i]);
                size += MessageBuffer.bytesOf(durations[row]);
            } else if (column instanceof double[] numbers) {
                numbers[row] = (Double) values[i];
                size += Double.BYTES;
            } else {
                ((Distribution[]) column)[row] = (Distribution) values[i];
                size += DISTRIBUTION_BYTES + bucketBytes((Distribution) values[i]);
            }
        }
        counted(size);
    }

    private static int utf8(String text) {
        return CodedOutputStream.computeStringSizeNoTag(text);
    }

    private static int bucketBytes(Distribution distribution) {
        int[] size = {0};
        distribution
                .histogram()
                .forEach((index, negative, count) -> size[0] += 2 + CodedOutputStream.computeUInt64SizeNoTag(count));
        return size[0];
    }

    /** Offers a trace as evidence; per series and tick the slowest and the last failed one are kept. */
    public void offerExemplar(int series, Exemplar exemplar) {
        bytes += columns.get(series).offer(exemplar, Math.floorDiv(exemplar.timeMillis(), tickMillis));
    }

    /** Number of events added since the last {@link #build}. */
    public int events() {
        return events;
    }

    /** How long the encoded batch is at most, apart from its header; little more than it will be. */
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
        private final SpareColumns spare;
        private long[] times;
        private final Object[] values;
        private int count;
        private final Map<Long, @Nullable Exemplar[]> exemplars = new TreeMap<>();

        Columns(Series series, SpareColumns spare) {
            this.series = series;
            this.spare = spare;
            this.times = spare.longs(INITIAL);
            this.values = new Object[series.fields().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (series.fields().get(i).type()) {
                    case DURATION -> spare.longs(INITIAL);
                    case NUMBER -> spare.doubles(INITIAL);
                    case DISTRIBUTION -> new Distribution[INITIAL];
                };
            }
        }

        /** Length of the next row's time; the first one's distance from the base is not known yet. */
        int timeBytes(long timeMillis) {
            return count == 0 ? 10 : MessageBuffer.bytesOfSigned(timeMillis - times[count - 1]);
        }

        int newRow(long timeMillis) {
            if (count == times.length) {
                grow();
            }
            times[count] = timeMillis;
            return count++;
        }

        private void grow() {
            int length = count * 2;
            times = moved(times, spare.longs(length));
            for (int i = 0; i < values.length; i++) {
                Object column = values[i];
                if (column instanceof long[] durations) {
                    values[i] = moved(durations, spare.longs(length));
                } else if (column instanceof double[] numbers) {
                    values[i] = moved(numbers, spare.doubles(length));
                } else {
                    values[i] = Arrays.copyOf((Distribution[]) column, length);
                }
            }
        }

        /** To arrays of their own that are as long as they have to be. */
        private void trim() {
            times = moved(times, new long[count]);
            for (int i = 0; i < values.length; i++) {
                Object column = values[i];
                if (column instanceof long[] durations) {
                    values[i] = moved(durations, new long[count]);
                } else if (column instanceof double[] numbers) {
                    values[i] = moved(numbers, new double[count]);
                } else {
                    values[i] = Arrays.copyOf((Distribution[]) column, count);
                }
            }
        }

        private long[] moved(long[] from, long[] to) {
            System.arraycopy(from, 0, to, 0, count);
            spare.give(from);
            return to;
        }

        private double[] moved(double[] from, double[] to) {
            System.arraycopy(from, 0, to, 0, count);
            spare.give(from);
            return to;
        }

        /** Keeps the exemplar when it beats the one at its place; returns the bytes that the batch grew by. */
        int offer(Exemplar exemplar, long tick) {
            @Nullable Exemplar[] kept = exemplars.computeIfAbsent(tick, t -> new Exemplar[2]);
            int grown = 0;
            Exemplar slowest = kept[0];
            if (slowest == null || exemplar.slowerThan(slowest)) {
                kept[0] = exemplar;
                grown += slowest == null ? EXEMPLAR_BYTES : 0;
            }
            Exemplar failed = kept[1];
            if (exemplar.failed() && (failed == null || exemplar.laterThan(failed))) {
                kept[1] = exemplar;
                grown += failed == null ? EXEMPLAR_BYTES : 0;
            }
            return grown;
        }

        Rows rows() {
            trim();
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
