// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.HistogramPoint.Counts;

/**
 * Walks one Metric message in protobuf encoding. Its name and the temporality of its data may stand behind the points
 * they explain, so each level is looked over before it is read.
 */
final class ProtobufMetrics {
    private static final int NO_RECORDED_VALUE = 1;

    private final ProtobufAttributes attributes;
    private final Words words;
    private final HistogramPoint histogram = new HistogramPoint();

    ProtobufMetrics(ProtobufAttributes attributes, Words words) {
        this.attributes = attributes;
        this.words = words;
    }

    /** Metric: 1 name, 5 gauge, 7 sum, 9 histogram, 10 exponential histogram, 11 summary. */
    void read(Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        int begin = in.at;
        Word name = words.nothing();
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag == 10) {
                name = words.text(in);
            } else {
                in.skip(tag);
            }
        }
        in.at = begin;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 42, 58, 74, 82, 90 -> {
                    int outer = in.enter();
                    data(Cursor.field(tag), name, in, visitor);
                    in.leave(outer);
                }
                default -> in.skip(tag);
            }
        }
    }

    /** Gauge, Sum, Histogram, ExponentialHistogram or Summary: 1 points, 2 temporality, 3 monotonic. */
    private void data(int type, Word name, Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        int begin = in.at;
        int temporality = 0;
        boolean monotonic = false;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 16 -> temporality = in.varint32();
                case 24 -> monotonic = in.bool();
                default -> in.skip(tag);
            }
        }
        visitor.metric(name.text, temporality, monotonic);
        in.at = begin;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            if (tag != 10) {
                in.skip(tag);
                continue;
            }
            words.begin(name);
            int outer = in.enter();
            switch (type) {
                case 5, 7 -> number(type == 7, in, visitor);
                case 9 -> explicit(in, visitor);
                case 10 -> exponential(in, visitor);
                default -> {
                    in.at = in.limit;
                    visitor.unsupportedPoint();
                }
            }
            in.leave(outer);
        }
    }

    private void number(boolean sum, Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        long start = 0;
        long time = 0;
        boolean recorded = true;
        double value = Double.NaN;
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 17 -> start = in.fixed64();
                case 25 -> time = in.fixed64();
                case 33 -> value = in.real();
                case 49 -> value = in.fixed64();
                case 58 -> attributes.read(tag, in, visitor);
                case 64 -> recorded = (in.varint32() & NO_RECORDED_VALUE) == 0;
                default -> in.skip(tag);
            }
        }
        visitor.point(sum, start, time, recorded, value);
    }

    private void explicit(Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        HistogramPoint point = histogram;
        point.clear(false);
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 17 -> point.startNanos = in.fixed64();
                case 25 -> point.timeNanos = in.fixed64();
                case 33 -> point.count = in.fixed64();
                case 41 -> point.sum = in.real();
                case 49 -> point.addCount(point.positive, in.fixed64());
                case 50 -> {
                    int outer = in.enter();
                    while (!in.isAtEnd()) {
                        point.addCount(point.positive, in.fixed64());
                    }
                    in.leave(outer);
                }
                case 57 -> point.addBound(in.real());
                case 58 -> {
                    int outer = in.enter();
                    while (!in.isAtEnd()) {
                        point.addBound(in.real());
                    }
                    in.leave(outer);
                }
                case 74 -> attributes.read(tag, in, visitor);
                case 80 -> point.recorded = (in.varint32() & NO_RECORDED_VALUE) == 0;
                case 89 -> point.min = in.real();
                case 97 -> point.max = in.real();
                default -> in.skip(tag);
            }
        }
        visitor.histogram(point);
    }

    private void exponential(Cursor in, OtlpVisitor visitor) throws MalformedRequestException {
        HistogramPoint point = histogram;
        point.clear(true);
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 10 -> attributes.read(tag, in, visitor);
                case 17 -> point.startNanos = in.fixed64();
                case 25 -> point.timeNanos = in.fixed64();
                case 33 -> point.count = in.fixed64();
                case 41 -> point.sum = in.real();
                case 48 -> point.scale = in.signed32();
                case 57 -> point.zeroCount = in.fixed64();
                case 66 -> buckets(in, point, point.positive);
                case 74 -> buckets(in, point, point.negative);
                case 80 -> point.recorded = (in.varint32() & NO_RECORDED_VALUE) == 0;
                case 97 -> point.min = in.real();
                case 105 -> point.max = in.real();
                default -> in.skip(tag);
            }
        }
        visitor.histogram(point);
    }

    private static void buckets(Cursor in, HistogramPoint point, Counts side) throws MalformedRequestException {
        int outer = in.enter();
        while (!in.isAtEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 8 -> side.offset = in.signed32();
                case 16 -> point.addCount(side, in.varint64());
                case 18 -> {
                    int packed = in.enter();
                    while (!in.isAtEnd()) {
                        point.addCount(side, in.varint64());
                    }
                    in.leave(packed);
                }
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
    }
}
