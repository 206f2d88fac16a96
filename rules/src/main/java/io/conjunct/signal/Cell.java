// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.event.Distribution;
import io.conjunct.event.Exemplar;
import io.conjunct.histogram.Histogram;
import io.conjunct.signal.Feed.Part;
import java.io.IOException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What one feed counted for one set of labels in one pane of time. Cells of the same feed merge in any order to the same
 * result: counts are integers, sums are kept in whole billions and billionths, ties are broken by value, never by arrival.
 *
 * <p>Sums are exact to one billionth per event for values up to 9e15 in magnitude (larger ones count as 9e15), and a
 * trillion of them do not overflow.
 */
public final class Cell {
    private static final long LARGEST = 9_000_000_000_000_000L;
    private static final long BILLION = 1_000_000_000L;

    private final Part part;
    private long count;
    /** The sum is {@code billions * 1e9 + billionths * 1e-9} with billionths in [0, 1e18). */
    private long billions;

    private long billionths;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private long lastMillis = Long.MIN_VALUE;
    private double last = Double.NEGATIVE_INFINITY;
    private long matched;
    private final @Nullable Histogram histogram;
    private @Nullable Exemplar slowest;
    private @Nullable Exemplar failed;

    public Cell(Part part) {
        this.part = part;
        this.histogram = part == Part.DISTRIBUTION ? new Histogram() : null;
    }

    public Part part() {
        return part;
    }

    /** Number of events (of measurements, where a data point stood for many). */
    public long count() {
        return count;
    }

    /** Sum of the field: whole numbers are exact while below 2^53. */
    public double sum() {
        // The large parts first: they cancel out exactly where the sum is small and negative.
        return billions * 1e9 + billionths / BILLION + (billionths % BILLION) / 1e9;
    }

    public double min() {
        return min;
    }

    public double max() {
        return max;
    }

    /** Event time of {@link #last()}, Unix milliseconds. */
    public long lastMillis() {
        return lastMillis;
    }

    public double last() {
        return last;
    }

    /** Events that satisfied the ratio's predicate. */
    public long matched() {
        return matched;
    }

    /** The distribution of the field; only of feeds with that part. */
    public Histogram histogram() {
        if (histogram == null) {
            throw new IllegalStateException("a feed of " + part + " has no distribution");
        }
        return histogram;
    }

    public @Nullable Exemplar slowest() {
        return slowest;
    }

    public @Nullable Exemplar failed() {
        return failed;
    }

    /** Counts events of which nothing but their number matters. */
    public void addOccurrences(long events) {
        count += events;
    }

    /** Counts events of a ratio: {@code hits} of {@code events} satisfied its predicate. */
    public void addShare(long events, long hits) {
        count += events;
        matched += hits;
    }

    /** Counts spans by duration; the hot loop of the engine. */
    public void addDurations(long[] nanos, int from, int to) {
        count += to - from;
        if (histogram != null) {
            for (int i = from; i < to; i++) {
                histogram.record(nanos[i]);
            }
        } else if (part == Part.SUM) {
            for (int i = from; i < to; i++) {
                addToSum(Math.min(nanos[i], LARGEST), 0);
            }
        } else if (part == Part.EXTREMES) {
            for (int i = from; i < to; i++) {
                min = Math.min(min, nanos[i]);
                max = Math.max(max, nanos[i]);
            }
        }
    }

    /** Counts one value of a field at an event time. */
    public void addNumber(double value, long millis) {
        count++;
        switch (part) {
            case SUM -> addToSum(value);
            case EXTREMES -> {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            case LAST -> offerLast(value, millis);
            case DISTRIBUTION -> histogram().record(value);
            case OCCURRENCES, SHARE -> {}
        }
    }

    /** Counts a data point that stands for many measurements; without a sum it tells nothing of sum or last value. */
    public void addDistribution(Distribution values, long millis) {
        long measurements = values.count();
        boolean needsSum = part == Part.SUM || part == Part.LAST;
        if (measurements == 0 || (needsSum && !Double.isFinite(values.sum()))) {
            return;
        }
        count += measurements;
        switch (part) {
            case SUM -> addToSum(values.sum());
            case EXTREMES -> {
                min = Math.min(
                        min,
                        Double.isFinite(values.min())
                                ? values.min()
                                : values.histogram().quantile(1e-12));
                max = Math.max(
                        max,
                        Double.isFinite(values.max())
                                ? values.max()
                                : values.histogram().quantile(1));
            }
            case LAST -> offerLast(values.sum() / measurements, millis);
            case DISTRIBUTION -> histogram().add(values.histogram());
            case OCCURRENCES, SHARE -> {}
        }
    }

    /** Offers a trace as evidence. */
    public void offer(Exemplar exemplar) {
        if (slowest == null || exemplar.slowerThan(slowest)) {
            slowest = exemplar;
        }
        if (exemplar.failed() && (failed == null || exemplar.laterThan(failed))) {
            failed = exemplar;
        }
    }

    private void addToSum(double value) {
        double bounded = Math.max(-LARGEST, Math.min(LARGEST, value));
        double floor = Math.floor(bounded);
        addToSum((long) floor, Math.round((bounded - floor) * 1e9));
    }

    private void addToSum(long units, long fraction) {
        billions += Math.floorDiv(units, BILLION);
        billionths += Math.floorMod(units, BILLION) * BILLION + fraction;
        carry();
    }

    /** Keeps the billionths in their range, so that equal sums are equal numbers. */
    private void carry() {
        if (billionths >= BILLION * BILLION) {
            billionths -= BILLION * BILLION;
            billions++;
        } else if (billionths < 0) {
            billionths += BILLION * BILLION;
            billions--;
        }
    }

    private void offerLast(double value, long millis) {
        if (millis > lastMillis || (millis == lastMillis && Double.compare(value, last) > 0)) {
            lastMillis = millis;
            last = value;
        }
    }

    /** Adds another cell of the same feed. */
    public void merge(Cell other) {
        count += other.count;
        billions += other.billions;
        billionths += other.billionths;
        carry();
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        offerLast(other.last, other.lastMillis);
        matched += other.matched;
        if (histogram != null) {
            histogram.add(other.histogram());
        }
        if (other.slowest != null) {
            offer(other.slowest);
        }
        if (other.failed != null) {
            offer(other.failed);
        }
    }

    /** Takes back the counts and sums of a cell merged before; what cannot be taken back is left to the window. */
    void subtract(Cell other) {
        count -= other.count;
        billions -= other.billions;
        billionths -= other.billionths;
        carry();
        matched -= other.matched;
        if (histogram != null) {
            histogram.subtract(other.histogram());
        }
    }

    public void writeTo(CodedOutputStream out) throws IOException {
        out.writeUInt64NoTag(count);
        switch (part) {
            case OCCURRENCES -> {}
            case SUM -> {
                out.writeSInt64NoTag(billions);
                out.writeSInt64NoTag(billionths);
            }
            case EXTREMES -> {
                out.writeDoubleNoTag(min);
                out.writeDoubleNoTag(max);
            }
            case LAST -> {
                out.writeSInt64NoTag(lastMillis);
                out.writeDoubleNoTag(last);
            }
            case SHARE -> out.writeUInt64NoTag(matched);
            case DISTRIBUTION -> histogram().writeTo(out);
        }
        out.writeRawByte((slowest == null ? 0 : 1) + (failed == null ? 0 : 2));
        if (slowest != null) {
            writeExemplar(out, slowest);
        }
        if (failed != null) {
            writeExemplar(out, failed);
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public static Cell readFrom(CodedInputStream in, Part part) throws IOException {
        Cell cell = new Cell(part);
        cell.count = in.readUInt64();
        switch (part) {
            case OCCURRENCES -> {}
            case SUM -> {
                cell.billions = in.readSInt64();
                cell.billionths = in.readSInt64();
            }
            case EXTREMES -> {
                cell.min = in.readDouble();
                cell.max = in.readDouble();
            }
            case LAST -> {
                cell.lastMillis = in.readSInt64();
                cell.last = in.readDouble();
            }
            case SHARE -> cell.matched = in.readUInt64();
            case DISTRIBUTION -> cell.histogram().mergeFrom(in, 1);
        }
        int exemplars = in.readRawByte();
        if ((exemplars & 1) != 0) {
            cell.slowest = readExemplar(in);
        }
        if ((exemplars & 2) != 0) {
            cell.failed = readExemplar(in);
        }
        return cell;
    }

    private static void writeExemplar(CodedOutputStream out, Exemplar exemplar) throws IOException {
        out.writeRawBytes(HexFormat.of().parseHex(exemplar.traceId()));
        out.writeSInt64NoTag(exemplar.timeMillis());
        out.writeUInt64NoTag(exemplar.durationNanos());
        out.writeBoolNoTag(exemplar.failed());
    }

    private static Exemplar readExemplar(CodedInputStream in) throws IOException {
        String traceId = HexFormat.of().formatHex(in.readRawBytes(16));
        return new Exemplar(traceId, in.readSInt64(), in.readUInt64(), in.readBool());
    }
}
