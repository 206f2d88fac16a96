// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.HistogramPoint.Counts;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads Metric objects in JSON encoding. Points that stand before their temporality are set aside and read after it. */
final class JsonMetrics {
    private static final int NO_RECORDED_VALUE = 1;

    private final JsonAttributes attributes;
    private final HistogramPoint histogram = new HistogramPoint();

    JsonMetrics(JsonAttributes attributes) {
        this.attributes = attributes;
    }

    void read(JsonObject in, OtlpVisitor visitor) throws IOException {
        Data[] data = {new Data()};
        while (in.nextKey()) {
            String type = in.key();
            switch (type) {
                case "name" -> data[0].name = in.text();
                case "gauge", "sum", "histogram", "exponentialHistogram", "summary" ->
                    in.object(() -> {
                        data[0].type = type;
                        data(in, data[0], visitor);
                    });
                default -> in.skip();
            }
        }
        byte[] early = data[0].early;
        if (early != null) {
            visitor.metric(data[0].name, data[0].temporality, data[0].monotonic);
            JsonObject later = JsonReader.reopen(early);
            later.forEachObject(() -> point(data[0].type, later, visitor));
        }
    }

    private void data(JsonObject in, Data data, OtlpVisitor visitor) throws IOException {
        boolean explained = data.type.equals("gauge") || data.type.equals("summary");
        boolean monotonicKnown = !data.type.equals("sum");
        while (in.nextKey()) {
            switch (in.key()) {
                case "aggregationTemporality" -> {
                    data.temporality = in.integer();
                    explained = true;
                }
                case "isMonotonic" -> {
                    data.monotonic = in.bool();
                    monotonicKnown = true;
                }
                case "dataPoints" -> {
                    if (explained && monotonicKnown && !data.name.isEmpty()) {
                        visitor.metric(data.name, data.temporality, data.monotonic);
                        in.forEachObject(() -> point(data.type, in, visitor));
                    } else {
                        data.early = in.setAside();
                    }
                }
                default -> in.skip();
            }
        }
    }

    private void point(String type, JsonObject in, OtlpVisitor visitor) throws IOException {
        switch (type) {
            case "gauge" -> number(false, in, visitor);
            case "sum" -> number(true, in, visitor);
            case "histogram" -> histogram(false, in, visitor);
            case "exponentialHistogram" -> histogram(true, in, visitor);
            default -> {
                while (in.nextKey()) {
                    in.skip();
                }
                visitor.unsupportedPoint();
            }
        }
    }

    private void number(boolean sum, JsonObject in, OtlpVisitor visitor) throws IOException {
        long start = 0;
        long time = 0;
        boolean recorded = true;
        double value = Double.NaN;
        while (in.nextKey()) {
            switch (in.key()) {
                case "startTimeUnixNano" -> start = in.integer64();
                case "timeUnixNano" -> time = in.integer64();
                case "asDouble" -> value = in.isNull() ? value : in.number();
                case "asInt" -> value = in.isNull() ? value : in.integer64();
                case "attributes" -> attributes.read(in, visitor);
                case "flags" -> recorded = (in.integer64() & NO_RECORDED_VALUE) == 0;
                default -> in.skip();
            }
        }
        visitor.point(sum, start, time, recorded, value);
    }

    private void histogram(boolean exponential, JsonObject in, OtlpVisitor visitor) throws IOException {
        HistogramPoint point = histogram;
        point.clear(exponential);
        while (in.nextKey()) {
            switch (in.key()) {
                case "startTimeUnixNano" -> point.startNanos = in.integer64();
                case "timeUnixNano" -> point.timeNanos = in.integer64();
                case "count" -> point.count = in.integer64();
                case "sum" -> point.sum = in.isNull() ? point.sum : in.number();
                case "min" -> point.min = in.isNull() ? point.min : in.number();
                case "max" -> point.max = in.isNull() ? point.max : in.number();
                case "bucketCounts" -> in.forEachNumber(() -> point.addCount(point.positive, in.integer64()));
                case "explicitBounds" -> in.forEachNumber(() -> point.addBound(in.number()));
                case "scale" -> point.scale = in.integer();
                case "zeroCount" -> point.zeroCount = in.integer64();
                case "positive" -> in.object(() -> buckets(in, point, point.positive));
                case "negative" -> in.object(() -> buckets(in, point, point.negative));
                case "attributes" -> attributes.read(in, visitor);
                case "flags" -> point.recorded = (in.integer64() & NO_RECORDED_VALUE) == 0;
                default -> in.skip();
            }
        }
        visitor.histogram(point);
    }

    private static void buckets(JsonObject in, HistogramPoint point, Counts side) throws IOException {
        while (in.nextKey()) {
            switch (in.key()) {
                case "offset" -> side.offset = in.integer();
                case "bucketCounts" -> in.forEachNumber(() -> point.addCount(side, in.integer64()));
                default -> in.skip();
            }
        }
    }

    /** What is known of the metric while its keys are read. */
    private static final class Data {
        private String name = "";
        private String type = "";
        private int temporality;
        private boolean monotonic;
        private byte @Nullable [] early;
    }
}
