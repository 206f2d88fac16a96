// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.histogram.Histogram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cursor over an encoded batch: one step per series, its columns in arrays that are reused for the next. Nothing is
 * allocated per event. A series can be recognised by its bytes ({@link #definition()}) without decoding it.
 *
 * <p>One reader serves one thread and any number of batches, one after the other.
 */
public final class EventBatchReader {
    private static final long[] NO_LONGS = {};
    private static final double[] NO_DOUBLES = {};
    private static final byte[] NO_BYTES = {};
    private static final int MAX_COLUMNS = 64;

    private CodedInputStream in = CodedInputStream.newInstance(NO_BYTES);
    private byte[] bytes = NO_BYTES;
    private long base;
    private int pendingTag;

    private final Definition definition = new Definition();
    private int count;
    private long[] times = NO_LONGS;
    private int columns;
    private long[][] durations = {};
    private double[][] numbers = {};
    private Field.Type[] kinds = {};
    private final List<List<Distribution>> distributions = new ArrayList<>();
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
    public Definition definition() {
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
        requireColumn(field);
        return switch (kinds[field]) {
            case DURATION -> durations[field][row];
            case NUMBER -> numbers[field][row];
            case DISTRIBUTION -> {
                Distribution values = distributions.get(field).get(row);
                yield values.sum() / values.count();
            }
        };
    }

    /** Column of a field of type duration, in nanoseconds; the first {@link #count()} entries count. */
    public long[] durations(int field) throws MalformedBatchException {
        requireColumn(field);
        return durations[field];
    }

    /** Column of a field of type number; the first {@link #count()} entries count. */
    public double[] numbers(int field) throws MalformedBatchException {
        requireColumn(field);
        return numbers[field];
    }

    /** Column of a field of type distribution. */
    public List<Distribution> distributions(int field) throws MalformedBatchException {
        requireColumn(field);
        return distributions.get(field);
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
            if (count > 0 && kinds[i] != field.type()) {
                throw new MalformedBatchException("the column of " + field.name() + " does not hold a " + field.type());
            }
            if (field.type() == Field.Type.DISTRIBUTION && distributions.get(i).size() != count) {
                throw new MalformedBatchException(
                        distributions.get(i).size() + " distributions for " + count + " events");
            }
        }
        return series;
    }

    private void requireColumn(int field) throws MalformedBatchException {
        if (field >= columns) {
            throw new MalformedBatchException("column " + field + " is missing");
        }
    }

    private void readRows() throws IOException {
        count = 0;
        columns = 0;
        exemplars.clear();
        definition.set(bytes, 0, 0);
        int seen = 0;
        while (true) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 0 -> {
                    if (seen != count) {
                        throw new MalformedBatchException(seen + " times for " + count + " events");
                    }
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
                    if (count < 0 || count > in.getBytesUntilLimit()) {
                        throw new MalformedBatchException("rows claim " + count + " events");
                    }
                }
                case 3 -> seen = readTimes();
                case 4 -> readColumn();
                case 5 -> exemplars.add(readExemplar());
                default -> in.skipField(tag);
            }
        }
    }

    private int readTimes() throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        if (times.length < count) {
            times = new long[Math.max(count, 64)];
        }
        long time = base;
        int seen = 0;
        while (seen < count && !in.isAtEnd()) {
            time += in.readSInt64();
            times[seen++] = time;
        }
        if (!in.isAtEnd()) {
            throw new MalformedBatchException("more times than events");
        }
        in.popLimit(limit);
        return seen;
    }

    private void readColumn() throws IOException {
        int column = columns++;
        if (column >= MAX_COLUMNS) {
            throw new MalformedBatchException("more than " + MAX_COLUMNS + " columns");
        }
        if (column == durations.length) {
            durations = Arrays.copyOf(durations, column + 1);
            durations[column] = NO_LONGS;
            numbers = Arrays.copyOf(numbers, column + 1);
            numbers[column] = NO_DOUBLES;
            kinds = Arrays.copyOf(kinds, column + 1);
            distributions.add(new ArrayList<>());
        }
        distributions.get(column).clear();
        // Until values say otherwise: an empty column then fails the check of its size.
        kinds[column] = Field.Type.DISTRIBUTION;
        int limit = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> {
                    readDurations(column);
                    kinds[column] = Field.Type.DURATION;
                }
                case 2 -> {
                    readNumbers(column);
                    kinds[column] = Field.Type.NUMBER;
                }
                case 3 -> {
                    distributions.get(column).add(readDistribution());
                    kinds[column] = Field.Type.DISTRIBUTION;
                }
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
    }

    private void readDurations(int column) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        long[] values = durations[column];
        if (values.length < count) {
            values = new long[Math.max(count, 64)];
            durations[column] = values;
        }
        int seen = 0;
        while (seen < count && !in.isAtEnd()) {
            values[seen++] = in.readUInt64();
        }
        if (seen != count || !in.isAtEnd()) {
            throw new MalformedBatchException("durations do not match " + count + " events");
        }
        in.popLimit(limit);
    }

    private void readNumbers(int column) throws IOException {
        int length = in.readRawVarint32();
        if (length != count * Double.BYTES) {
            throw new MalformedBatchException("numbers do not match " + count + " events");
        }
        double[] values = numbers[column];
        if (values.length < count) {
            values = new double[Math.max(count, 64)];
            numbers[column] = values;
        }
        for (int i = 0; i < count; i++) {
            values[i] = in.readDouble();
        }
    }

    private Distribution readDistribution() throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        Histogram histogram = new Histogram();
        double sum = 0;
        double min = Double.NaN;
        double max = Double.NaN;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> {
                    int inner = in.pushLimit(in.readRawVarint32());
                    histogram.mergeFrom(in, 1);
                    in.popLimit(inner);
                }
                case 2 -> sum = in.readDouble();
                case 3 -> min = in.readDouble();
                case 4 -> max = in.readDouble();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        return new Distribution(histogram, sum, min, max);
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

    /**
     * The encoded series as a map key: a slice of the batch that compares and hashes by content. {@link #copy()} makes
     * one that outlives the batch.
     */
    public static final class Definition {
        private byte[] bytes = NO_BYTES;
        private int from;
        private int length;
        private int hash;

        private Definition() {}

        private void set(byte[] newBytes, int newFrom, int newLength) {
            bytes = newBytes;
            from = newFrom;
            length = newLength;
            int h = 1;
            for (int i = from; i < from + length; i++) {
                h = 31 * h + newBytes[i];
            }
            hash = h;
        }

        public Definition copy() {
            Definition copy = new Definition();
            copy.bytes = Arrays.copyOfRange(bytes, from, from + length);
            copy.length = length;
            copy.hash = hash;
            return copy;
        }

        private Series decode() throws MalformedBatchException {
            try {
                CodedInputStream in = CodedInputStream.newInstance(bytes, from, length);
                Kind kind = Kind.SPAN;
                String service = "";
                String name = "";
                SortedMap<String, String> attributes = new TreeMap<>();
                List<Field> fields = new ArrayList<>();
                while (!in.isAtEnd()) {
                    int tag = in.readTag();
                    switch (WireFormat.getTagFieldNumber(tag)) {
                        case 1 -> kind = Kind.of(in.readEnum());
                        case 2 -> service = in.readStringRequireUtf8();
                        case 3 -> name = in.readStringRequireUtf8();
                        case 4 -> readAttribute(in, attributes);
                        case 5 -> fields.add(readField(in));
                        default -> in.skipField(tag);
                    }
                }
                return new Series(kind, service, name, attributes, fields);
            } catch (IOException | IllegalArgumentException e) {
                throw new MalformedBatchException("damaged series: " + e.getMessage(), e);
            }
        }

        private static void readAttribute(CodedInputStream in, SortedMap<String, String> attributes)
                throws IOException {
            int limit = in.pushLimit(in.readRawVarint32());
            String key = "";
            String value = "";
            while (!in.isAtEnd()) {
                int tag = in.readTag();
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> key = in.readStringRequireUtf8();
                    case 2 -> value = in.readStringRequireUtf8();
                    default -> in.skipField(tag);
                }
            }
            in.popLimit(limit);
            attributes.put(key, value);
        }

        private static Field readField(CodedInputStream in) throws IOException {
            int limit = in.pushLimit(in.readRawVarint32());
            String name = "";
            int type = 0;
            while (!in.isAtEnd()) {
                int tag = in.readTag();
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> name = in.readStringRequireUtf8();
                    case 2 -> type = in.readEnum();
                    default -> in.skipField(tag);
                }
            }
            in.popLimit(limit);
            if (type < 0 || type >= Field.Type.values().length) {
                throw new IOException("unknown field type " + type);
            }
            return new Field(name, Field.Type.values()[type]);
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Definition other
                    && hash == other.hash
                    && Arrays.equals(bytes, from, from + length, other.bytes, other.from, other.from + other.length);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
