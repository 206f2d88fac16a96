// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.conjunct.histogram.Histogram;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one field for all events of a series, in arrays that are reused for the next. Distributions are checked
 * when the column is read and decoded when asked for: a few bytes may span buckets from 2^-40 to 2^64, and a batch holds
 * thousands.
 */
final class Column {
    private Field.@Nullable Type type;
    private int size;
    private long[] durations = {};
    private double[] numbers = {};
    private byte[] batch = {};
    private Point[] points = {};

    /** A distribution that is not decoded yet. */
    private record Point(int from, int length, long count, double sum, double min, double max) {}

    /** Reads the column up to the limit of {@code in}, which is at a position of {@code bytes}. */
    void read(CodedInputStream in, byte[] bytes, int count) throws IOException {
        type = null;
        size = 0;
        batch = bytes;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> {
                    become(Field.Type.DURATION, count);
                    readDurations(in, count);
                }
                case 2 -> {
                    become(Field.Type.NUMBER, count);
                    readNumbers(in, count);
                }
                case 3 -> {
                    become(Field.Type.DISTRIBUTION, count);
                    readPoint(in);
                }
                default -> in.skipField(tag);
            }
        }
    }

    private void become(Field.Type read, int count) throws MalformedBatchException {
        boolean first = type == null;
        boolean oneMore = read == Field.Type.DISTRIBUTION && (first || type == read) && size < count;
        if (read == Field.Type.DISTRIBUTION ? !oneMore : !first) {
            throw new MalformedBatchException("a column holds more than " + count + " values");
        }
        type = read;
    }

    private void readDurations(CodedInputStream in, int count) throws IOException {
        int length = in.readRawVarint32();
        int from = in.getTotalBytesRead();
        in.skipRawBytes(length);
        durations = Varints.read(batch, from, length, durations, count);
        long all = 0;
        for (int i = 0; i < count; i++) {
            all |= durations[i];
        }
        if (all < 0) {
            throw new MalformedBatchException("a duration is negative");
        }
        size = count;
    }

    private void readNumbers(CodedInputStream in, int count) throws IOException {
        int length = in.readRawVarint32();
        if (length != (long) count * Double.BYTES || length > in.getBytesUntilLimit()) {
            throw new MalformedBatchException("numbers do not match " + count + " events");
        }
        if (numbers.length < count) {
            numbers = new double[Math.max(count, 64)];
        }
        for (int i = 0; i < count; i++) {
            numbers[i] = in.readDouble();
        }
        size = count;
    }

    private void readPoint(CodedInputStream in) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        int from = 0;
        int length = 0;
        long count = 0;
        double sum = 0;
        double min = Double.NaN;
        double max = Double.NaN;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> {
                    length = in.readRawVarint32();
                    int inner = in.pushLimit(length);
                    from = in.getTotalBytesRead();
                    count = length == 0 ? 0 : Histogram.check(in, Distribution.MAX_COUNT);
                    if (!in.isAtEnd()) {
                        throw new MalformedBatchException("a distribution has more bytes than buckets");
                    }
                    in.popLimit(inner);
                }
                case 2 -> sum = in.readDouble();
                case 3 -> min = in.readDouble();
                case 4 -> max = in.readDouble();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        if (size == points.length) {
            points = Arrays.copyOf(points, Math.max(16, size * 2));
        }
        points[size++] = new Point(from, length, count, sum, min, max);
    }

    int size() {
        return size;
    }

    boolean is(Field.Type asked) {
        return type == asked;
    }

    long[] durations(int count) throws MalformedBatchException {
        require(Field.Type.DURATION, count);
        return durations;
    }

    double[] numbers(int count) throws MalformedBatchException {
        require(Field.Type.NUMBER, count);
        return numbers;
    }

    Distribution distribution(int row) throws MalformedBatchException {
        require(Field.Type.DISTRIBUTION, row + 1);
        Point point = points[row];
        Histogram histogram = new Histogram();
        if (point.length > 0) {
            try {
                histogram.mergeFrom(CodedInputStream.newInstance(batch, point.from, point.length), 1);
            } catch (IOException e) {
                throw new MalformedBatchException("damaged distribution: " + e.getMessage(), e);
            }
        }
        return new Distribution(histogram, point.sum, point.min, point.max);
    }

    long measurements(int row) {
        return type == Field.Type.DISTRIBUTION ? points[row].count : 1;
    }

    double value(int row) throws MalformedBatchException {
        if (type == Field.Type.DURATION) {
            return durations[row];
        }
        if (type == Field.Type.NUMBER) {
            return numbers[row];
        }
        require(Field.Type.DISTRIBUTION, row + 1);
        return points[row].sum / points[row].count;
    }

    private void require(Field.Type asked, int count) throws MalformedBatchException {
        if (count > 0 && (type != asked || size < count)) {
            throw new MalformedBatchException("a column does not hold a " + asked + " per event");
        }
    }
}
