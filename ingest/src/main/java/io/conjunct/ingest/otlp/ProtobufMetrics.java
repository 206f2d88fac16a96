// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.conjunct.ingest.otlp.HistogramPoint.Counts;
import java.io.IOException;

/**
 * Walks one Metric message in protobuf encoding. Its name and the temporality of its data may stand behind the points
 * they explain, so each level is looked over before it is read.
 */
final class ProtobufMetrics {
    private static final int NO_RECORDED_VALUE = 1;

    private final ProtobufReader reader;
    private final HistogramPoint histogram = new HistogramPoint();

    ProtobufMetrics(ProtobufReader reader) {
        this.reader = reader;
    }

    /** Metric: 1 name, 5 gauge, 7 sum, 9 histogram, 10 exponential histogram, 11 summary. */
    void read(int from, int length, OtlpVisitor visitor) throws IOException {
        String name = "";
        CodedInputStream in = reader.slice(from, length);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == 10) {
                name = reader.string(in, from);
            } else {
                ProtobufReader.skip(in, tag);
            }
        }
        in = reader.slice(from, length);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case 42, 58, 74, 82, 90 -> {
                    int dataLength = ProtobufReader.length(in);
                    int dataFrom = from + in.getTotalBytesRead();
                    in.skipRawBytes(dataLength);
                    data(WireFormat.getTagFieldNumber(tag), name, dataFrom, dataLength, visitor);
                }
                default -> ProtobufReader.skip(in, tag);
            }
        }
    }

    /** Gauge, Sum, Histogram, ExponentialHistogram or Summary: 1 points, 2 temporality, 3 monotonic. */
    private void data(int type, String name, int from, int length, OtlpVisitor visitor) throws IOException {
        int temporality = 0;
        boolean monotonic = false;
        CodedInputStream in = reader.slice(from, length);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case 16 -> temporality = in.readEnum();
                case 24 -> monotonic = in.readBool();
                default -> ProtobufReader.skip(in, tag);
            }
        }
        visitor.metric(name, temporality, monotonic);
        in = reader.slice(from, length);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag != 10) {
                ProtobufReader.skip(in, tag);
                continue;
            }
            int limit = in.pushLimit(ProtobufReader.length(in));
            switch (type) {
                case 5, 7 -> number(type == 7, in, from, visitor);
                case 9 -> explicit(in, from, visitor);
                case 10 -> exponential(in, from, visitor);
                default -> {
                    in.skipRawBytes(in.getBytesUntilLimit());
                    visitor.unsupportedPoint();
                }
            }
            in.popLimit(limit);
        }
    }

    private void number(boolean sum, CodedInputStream in, int base, OtlpVisitor visitor) throws IOException {
        long start = 0;
        long time = 0;
        boolean recorded = true;
        double value = Double.NaN;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case 17 -> start = in.readFixed64();
                case 25 -> time = in.readFixed64();
                case 33 -> value = in.readDouble();
                case 49 -> value = in.readSFixed64();
                case 58 -> reader.attribute(in, base, visitor);
                case 64 -> recorded = (in.readUInt32() & NO_RECORDED_VALUE) == 0;
                default -> ProtobufReader.skip(in, tag);
            }
        }
        visitor.number(sum, start, time, recorded, value);
    }

    private void explicit(CodedInputStream in, int base, OtlpVisitor visitor) throws IOException {
        HistogramPoint point = histogram;
        point.clear(false);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case 17 -> point.startNanos = in.readFixed64();
                case 25 -> point.timeNanos = in.readFixed64();
                case 33 -> point.count = in.readFixed64();
                case 41 -> point.sum = in.readDouble();
                case 49 -> point.addCount(point.positive, in.readFixed64());
                case 50 -> {
                    int limit = in.pushLimit(ProtobufReader.length(in));
                    while (!in.isAtEnd()) {
                        point.addCount(point.positive, in.readFixed64());
                    }
                    in.popLimit(limit);
                }
                case 57 -> point.addBound(in.readDouble());
                case 58 -> {
                    int limit = in.pushLimit(ProtobufReader.length(in));
                    while (!in.isAtEnd()) {
                        point.addBound(in.readDouble());
                    }
                    in.popLimit(limit);
                }
                case 74 -> reader.attribute(in, base, visitor);
                case 80 -> point.recorded = (in.readUInt32() & NO_RECORDED_VALUE) == 0;
                case 89 -> point.min = in.readDouble();
                case 97 -> point.max = in.readDouble();
                default -> ProtobufReader.skip(in, tag);
            }
        }
        visitor.histogram(point);
    }

    private void exponential(CodedInputStream in, int base, OtlpVisitor visitor) throws IOException {
        HistogramPoint point = histogram;
        point.clear(true);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case 10 -> reader.attribute(in, base, visitor);
                case 17 -> point.startNanos = in.readFixed64();
                case 25 -> point.timeNanos = in.readFixed64();
                case 33 -> point.count = in.readFixed64();
                case 41 -> point.sum = in.readDouble();
                case 48 -> point.scale = in.readSInt32();
                case 57 -> point.zeroCount = in.readFixed64();
                case 66 -> buckets(in, point, point.positive);
                case 74 -> buckets(in, point, point.negative);
                case 80 -> point.recorded = (in.readUInt32() & NO_RECORDED_VALUE) == 0;
                case 97 -> point.min = in.readDouble();
                case 105 -> point.max = in.readDouble();
                default -> ProtobufReader.skip(in, tag);
            }
        }
        visitor.histogram(point);
    }

    private static void buckets(CodedInputStream in, HistogramPoint point, Counts side) throws IOException {
        int limit = in.pushLimit(ProtobufReader.length(in));
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case 8 -> side.offset = in.readSInt32();
                case 16 -> point.addCount(side, in.readUInt64());
                case 18 -> {
                    int packed = in.pushLimit(ProtobufReader.length(in));
                    while (!in.isAtEnd()) {
                        point.addCount(side, in.readUInt64());
                    }
                    in.popLimit(packed);
                }
                default -> ProtobufReader.skip(in, tag);
            }
        }
        in.popLimit(limit);
    }
}
