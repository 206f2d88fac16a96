// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.event.Exemplar;
import io.conjunct.event.Series;
import io.conjunct.ingest.metrics.Shaped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one request, in columns, before they enter a batch: a request enters as a whole or not at all. Of the
 * traces only those that can become exemplars are marked: per series and tick the slowest and the last failed one. Its
 * size is bounded by the request's. Not thread-safe; reused from request to request.
 */
public final class EventStage {
    private static final int INITIAL = 512;
    private static final int KEPT = 65_536;

    /** Begins after every time. */
    private static final long NO_TICK = Long.MAX_VALUE;

    private final long tickMillis;
    private final ArrayList<StagedSeries> series = new ArrayList<>();
    private int[] seriesOf = new int[INITIAL];
    private long[] times = new long[INITIAL];
    private long[] durations = new long[INITIAL];
    private long[] traceHigh = new long[INITIAL];
    private long[] traceLow = new long[INITIAL];
    private Object[][] values = {};
    private final BitSet exemplars = new BitSet();
    private final List<Runnable> undo = new ArrayList<>();
    private int size;
    private long stamp;

    /** @param tickMillis the engine's tick, per which exemplars are kept */
    EventStage(long tickMillis) {
        this.tickMillis = tickMillis;
    }

    public int size() {
        return size;
    }

    public Series series(int index) {
        return series.get(index).series;
    }

    public int seriesOf(int row) {
        return seriesOf[row];
    }

    /** The number that a series was given in this batch; negative when it has none yet. For one thread at a time. */
    public int numberIn(Object batch, int index) {
        StagedSeries of = series.get(index);
        return of.batch == batch ? of.number : -1;
    }

    /** Remembers the number of a series in this batch. */
    public void number(Object batch, int index, int number) {
        StagedSeries of = series.get(index);
        of.batch = batch;
        of.number = number;
    }

    public long time(int row) {
        return times[row];
    }

    public long duration(int row) {
        return durations[row];
    }

    /** The values of a row, one per field of its series; null for a span whose only field is its duration. */
    public Object @Nullable [] values(int row) {
        return row < values.length ? values[row] : null;
    }

    /** The trace of a row when it may become an exemplar. */
    public @Nullable Exemplar exemplar(int row) {
        if (!exemplars.get(row)) {
            return null;
        }
        String trace = hex(traceHigh[row]) + hex(traceLow[row]);
        return new Exemplar(trace, times[row], durations[row], series.get(seriesOf[row]).failed);
    }

    private static String hex(long half) {
        String digits = Long.toHexString(half);
        return "0".repeat(16 - digits.length()) + digits;
    }

    /** What has to be taken back when the events do not reach Kafka. */
    public List<Runnable> undo() {
        return List.copyOf(undo);
    }

    void onFailure(Runnable action) {
        undo.add(action);
    }

    void addSpan(StagedSeries of, long timeMillis, long durationNanos, long high, long low) {
        int row = newRow(of, timeMillis);
        durations[row] = durationNanos;
        traceHigh[row] = high;
        traceLow[row] = low;
        offer(of, row);
    }

    void add(StagedSeries of, long timeMillis, Object... fields) {
        int row = newRow(of, timeMillis);
        durations[row] = 0;
        setValues(row, fields);
    }

    /** Replaces the values of a span's row that has more fields than its duration. */
    void setValues(int row, Object... fields) {
        if (row >= values.length) {
            values = Arrays.copyOf(values, times.length);
        }
        values[row] = fields;
    }

    private int newRow(StagedSeries of, long timeMillis) {
        if (of.stamp != stamp) {
            of.stamp = stamp;
            of.index = series.size();
            of.tickBegin = NO_TICK;
            series.add(of);
        }
        if (size == times.length) {
            int length = size * 2;
            seriesOf = Arrays.copyOf(seriesOf, length);
            times = Arrays.copyOf(times, length);
            durations = Arrays.copyOf(durations, length);
            traceHigh = Arrays.copyOf(traceHigh, length);
            traceLow = Arrays.copyOf(traceLow, length);
        }
        seriesOf[size] = of.index;
        times[size] = timeMillis;
        return size++;
    }

    /** When a series comes back to a tick it marks again; marking too many is harmless, the batch compares them. */
    private void offer(StagedSeries of, int row) {
        long intoTick = times[row] - of.tickBegin;
        if (intoTick < 0 || intoTick >= tickMillis) {
            of.tickBegin = Math.floorDiv(times[row], tickMillis) * tickMillis;
            of.slowest = row;
            of.latest = row;
            exemplars.set(row);
            return;
        }
        boolean slower = isSlower(row, of.slowest);
        boolean later = of.failed && isLater(row, of.latest);
        int oldSlowest = of.slowest;
        int oldLatest = of.latest;
        of.slowest = slower ? row : oldSlowest;
        of.latest = later ? row : oldLatest;
        if (slower || later) {
            exemplars.clear(oldSlowest);
            exemplars.clear(oldLatest);
            exemplars.set(of.slowest);
            exemplars.set(of.latest, of.failed || of.latest == of.slowest);
        }
    }

    private boolean isSlower(int row, int than) {
        return durations[row] != durations[than] ? durations[row] > durations[than] : isSmallerId(row, than);
    }

    private boolean isLater(int row, int than) {
        return times[row] != times[than] ? times[row] > times[than] : isSmallerId(row, than);
    }

    private boolean isSmallerId(int row, int than) {
        int high = Long.compareUnsigned(traceHigh[row], traceHigh[than]);
        return high != 0 ? high < 0 : Long.compareUnsigned(traceLow[row], traceLow[than]) < 0;
    }

    void clear() {
        size = 0;
        stamp++;
        series.clear();
        exemplars.clear();
        undo.clear();
        if (times.length > KEPT) {
            seriesOf = new int[INITIAL];
            times = new long[INITIAL];
            durations = new long[INITIAL];
            traceHigh = new long[INITIAL];
            traceLow = new long[INITIAL];
        }
        values = new Object[0][];
    }

    /** A series as this stage knows it. One stage's series must not be given to another. */
    static final class StagedSeries {
        final Series series;
        final boolean failed;
        /** How it is coarser than what was sent: counted per event. */
        final List<Shaped> shaped;
        /** Whether some rule reads its events. */
        final boolean read;

        private long stamp = -1;
        private int index;
        private long tickBegin;
        private int slowest;
        private int latest;
        private @Nullable Object batch;
        private int number;

        StagedSeries(Series series, List<Shaped> shaped, boolean read) {
            this.series = series;
            this.failed = "error".equals(series.get(Series.STATUS));
            this.shaped = List.copyOf(shaped);
            this.read = read;
        }
    }
}
