// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.conjunct.event.EventBatch.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A cursor over an encoded batch: one step per series, its columns in arrays that are reused for the next. Nothing is
 * allocated per event. A series can be recognised by its bytes ({@link #definition()}) without decoding it.
 *
 * <p>One reader serves one thread and any number of batches, one after the other.
 */
public final class EventBatchReader {
    private static final long[] NO_LONGS = {};
    private static final byte[] NO_BYTES = {};
    private static final int MAX_COLUMNS = 64;

    private CodedInputStream in = CodedInputStream.newInstance(NO_BYTES);
    private byte[] bytes = NO_BYTES;
    private long base;
    private int pendingTag;

    private final EncodedSeries definition = new EncodedSeries();
    private int count;
    private long[] times = NO_LONGS;
    private int columns;
    private Column[] values = {};
    private final List<Exemplar> exemplars = new ArrayList<>();

    /** Starts a batch and reads its header. */
    public Header open(byte[] batch) throws MalformedBatchException {
        bytes = batch;
        in = CodedInputStream.newInstance(batch);
        base = 0;
        String sidecar = "";
        long epoch = 0;
        long sequence = 0;
        long claim = 0;
        long received = 0;
        boolean leaving = false;
        int version = 0;
        try {
            while (true) {
                pendingTag = in.readTag();
                int field = WireFormat.getTagFieldNumber(pendingTag);
                if (pendingTag == 0 || field == 10) {
                    break;
                }
                switch (field) {
                    case 1 -> version = in.readUInt32();
                    case 2 -> sidecar = in.readStringRequireUtf8();
                    case 3 -> epoch = in.readUInt64();
                    case 4 -> sequence = in.readUInt64();
                    case 5 -> claim = in.readSInt64();
                    case 6 -> received = in.readSInt64();
                    case 7 -> leaving = in.readBool();
                    case 8 -> base = in.readSInt64();
                    default -> in.skipField(pendingTag);
                }
            }
        } catch (IOException e) {
            throw new MalformedBatchException("not an event batch: " + e.getMessage(), e);
        }
        if (version != EventBatch.VERSION) {
            throw new MalformedBatchException(
                    "event batch version " + version + " (this build reads version " + EventBatch.VERSION + ")");
        }
        return new Header(sidecar, epoch, sequence, claim, received, leaving);
    }

    /** Moves to the next series; false when there is none. */
    public boolean next() throws MalformedBatchException {
        try {
            while (pendingTag != 0 && WireFormat.getTagFieldNumber(pendingTag) != 10) {
                in.skipField(pendingTag);
                pendingTag = in.readTag();
            }
            if (pendingTag == 0) {
                return false;
            }
            int outer = in.pushLimit(in.readRawVarint32());
            readRows();
            in.popLimit(outer);
            pendingTag = in.readTag();
            return true;
        } catch (IOException e) {
            throw e instanceof MalformedBatchException malformed
                    ? malformed
                    : new MalformedBatchException("damaged event batch: " + e.getMessage(), e);
        }
    }

    /** The bytes that identify the current series; valid until the next step unless copied. */
    public EncodedSeries definition() {
        return definition;
    }

    /** Number of events of the current series. */
    public int count() {
        return count;
    }

    /** When each ended, Unix milliseconds; the first {@link #count()} entries count. */
    public long[] times() {
        return times;
    }

    /** Number of columns of the current series. */
    public int columns() {
        return columns;
    }

    /** One value as a double: nanoseconds, the number, or the mean of a distribution (NaN when it is empty). */
    public double value(int field, int row) throws MalformedBatchException {
        return column(field).value(row);
    }

    /** Column of a field of type duration, in nanoseconds; the first {@link #count()} entries count. */
    public long[] durations(int field) throws MalformedBatchException {
        return column(field).durations(count);
    }

    /** Column of a field of type number; the first {@link #count()} entries count. */
    public double[] numbers(int field) throws MalformedBatchException {
        return column(field).numbers(count);
    }

    /** One value of a field of type distribution, decoded when asked for. */
    public Distribution distribution(int field, int row) throws MalformedBatchException {
        return column(field).distribution(row);
    }

    /** For how many measurements a value stands: the count of a distribution, otherwise 1. */
    public long measurements(int field, int row) throws MalformedBatchException {
        return column(field).measurements(row);
    }

    /** Whether the values of a field are distributions. */
    public boolean hasDistributions(int field) throws MalformedBatchException {
        return column(field).is(Field.Type.DISTRIBUTION);
    }

    public List<Exemplar> exemplars() {
        return exemplars;
    }

    /** Decodes the current series. */
    public Series series() throws MalformedBatchException {
        Series series = definition.decode();
        if (columns != series.fields().size()) {
            throw new MalformedBatchException(
                    columns + " columns for " + series.fields().size() + " fields");
        }
        for (int i = 0; i < columns; i++) {
            Field field = series.fields().get(i);
            if (count > 0 && !values[i].is(field.type())) {
                throw new MalformedBatchException("the column of " + field.name() + " does not hold a " + field.type());
            }
        }
        return series;
    }

    private Column column(int field) throws MalformedBatchException {
        if (field >= columns) {
            throw new MalformedBatchException("column " + field + " is missing");
        }
        return values[field];
    }

    private void readRows() throws IOException {
        count = 0;
        columns = 0;
        exemplars.clear();
        definition.set(bytes, 0, 0);
        int seen = 0;
        boolean counted = false;
        while (true) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 0 -> {
                    requireComplete(seen);
                    return;
                }
                case 1 -> {
                    int length = in.readRawVarint32();
                    int from = in.getTotalBytesRead();
                    in.skipRawBytes(length);
                    definition.set(bytes, from, length);
                }
                case 2 -> {
                    count = in.readUInt32();
                    // An event takes at least one byte, so a larger count is a lie; refuse it before allocating.
                    if (counted || columns > 0 || count < 0 || count > in.getBytesUntilLimit()) {
                        throw new MalformedBatchException("rows claim " + count + " events");
                    }
                    counted = true;
                }
                case 3 -> {
                    readTimes();
                    seen = count;
                }
                case 4 -> readColumn();
                case 5 -> exemplars.add(readExemplar());
                default -> in.skipField(tag);
            }
        }
    }

    private void requireComplete(int seen) throws MalformedBatchException {
        if (seen != count) {
            throw new MalformedBatchException(seen + " times for " + count + " events");
        }
        for (int i = 0; i < columns; i++) {
            if (values[i].size() != count) {
                throw new MalformedBatchException(values[i].size() + " values for " + count + " events");
            }
        }
    }

    private void readTimes() throws IOException {
        int length = in.readRawVarint32();
        int from = in.getTotalBytesRead();
        in.skipRawBytes(length);
        times = Varints.read(bytes, from, length, times, count);
        long time = base;
        for (int i = 0; i < count; i++) {
            long delta = times[i];
            time += (delta >>> 1) ^ -(delta & 1);
            times[i] = time;
        }
    }

    private void readColumn() throws IOException {
        if (columns == MAX_COLUMNS) {
            throw new MalformedBatchException("more than " + MAX_COLUMNS + " columns");
        }
        if (columns == values.length) {
            values = Arrays.copyOf(values, columns + 1);
            values[columns] = new Column();
        }
        int limit = in.pushLimit(in.readRawVarint32());
        values[columns++].read(in, bytes, count);
        in.popLimit(limit);
    }

    private Exemplar readExemplar() throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        byte[] trace = NO_BYTES;
        long time = 0;
        long duration = 0;
        boolean failed = false;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> trace = in.readByteArray();
                case 2 -> time = in.readSInt64();
                case 3 -> duration = in.readUInt64();
                case 4 -> failed = in.readBool();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        if (trace.length != 16) {
            throw new MalformedBatchException("trace id of " + trace.length + " bytes");
        }
        return new Exemplar(Exemplar.hex(trace), time, duration, failed);
    }
}
