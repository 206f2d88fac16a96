// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The record of the topic {@code conjunct.events}: a columnar batch of events with a dictionary of their series, and the
 * sidecar's promise about time. A batch without rows is a heartbeat. The wire format is {@code event_batch.proto}.
 *
 * @param rows one entry per series
 */
public record EventBatch(Header header, List<Rows> rows) {

    /** Format version this class reads and writes. */
    public static final int VERSION = 1;

    /** Upper bound of an encoded batch. */
    public static final int MAX_BYTES = 512 * 1024;

    public EventBatch {
        requireNonNull(header, "header");
        rows = List.copyOf(rows);
    }

    /** A batch that carries nothing but the promise. */
    public static EventBatch heartbeat(Header header) {
        return new EventBatch(header, List.of());
    }

    /** Number of events in all rows. */
    public int events() {
        int events = 0;
        for (Rows r : rows) {
            events += r.count();
        }
        return events;
    }

    /** The batch as it is sent and kept; who encodes many has an {@link EventBatchWriter}. */
    public byte[] encode() {
        return new EventBatchWriter().encode(this);
    }

    /**
     * Reads what {@link #encode()} wrote.
     *
     * @throws MalformedBatchException when the bytes are not a batch of this version
     */
    public static EventBatch decode(byte[] bytes) throws MalformedBatchException {
        EventBatchReader reader = new EventBatchReader();
        Header header = reader.open(bytes);
        List<Rows> rows = new ArrayList<>();
        while (reader.next()) {
            Series series = reader.series();
            Object[] columns = new Object[series.fields().size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = switch (series.fields().get(i).type()) {
                    case DURATION -> Arrays.copyOf(reader.durations(i), reader.count());
                    case NUMBER -> Arrays.copyOf(reader.numbers(i), reader.count());
                    case DISTRIBUTION -> distributions(reader, i);
                };
            }
            rows.add(new Rows(series, Arrays.copyOf(reader.times(), reader.count()), columns, reader.exemplars()));
        }
        return new EventBatch(header, rows);
    }

    private static Distribution[] distributions(EventBatchReader reader, int field) throws MalformedBatchException {
        Distribution[] distributions = new Distribution[reader.count()];
        for (int i = 0; i < distributions.length; i++) {
            distributions[i] = reader.distribution(field, i);
        }
        return distributions;
    }

    /**
     * Who sent a batch and what it promises.
     *
     * @param sidecar stable identity of the sender
     * @param epoch rises with every start of the sender
     * @param sequence rises by one with every batch of an epoch
     * @param claimMillis no event older than this will follow, Unix milliseconds
     * @param receivedMillis the sender's clock; never used for decisions
     * @param leaving the sender says goodbye
     */
    public record Header(
            String sidecar, long epoch, long sequence, long claimMillis, long receivedMillis, boolean leaving) {
        public Header {
            requireNonNull(sidecar, "sidecar");
        }
    }

    /**
     * All events of one series.
     *
     * @param times when each ended, Unix milliseconds
     * @param columns one array per field: {@code long[]} nanoseconds, {@code double[]} or {@code Distribution[]}
     */
    public record Rows(Series series, long[] times, Object[] columns, List<Exemplar> exemplars) {
        public Rows {
            requireNonNull(series, "series");
            exemplars = List.copyOf(exemplars);
            if (columns.length != series.fields().size()) {
                throw new IllegalArgumentException("columns: " + columns.length + " (expected: "
                        + series.fields().size() + ", one per field)");
            }
        }

        public int count() {
            return times.length;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Rows other
                    && series.equals(other.series)
                    && Arrays.equals(times, other.times)
                    && Arrays.deepEquals(columns, other.columns)
                    && exemplars.equals(other.exemplars);
        }

        @Override
        public int hashCode() {
            return series.hashCode() * 31 + Arrays.hashCode(times);
        }

        @Override
        public String toString() {
            return count() + " x " + series;
        }
    }
}
