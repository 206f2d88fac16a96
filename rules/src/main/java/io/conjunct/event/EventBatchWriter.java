// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import com.google.protobuf.CodedOutputStream;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.histogram.Histogram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Writes {@code event_batch.proto}. Written against the wire format because the columns are the hot path. One writer serves
 * one thread and any number of batches, in memory that it keeps.
 */
public final class EventBatchWriter {
    private final MessageBuffer out = new MessageBuffer();

    /** The batch as it is sent and kept. */
    public byte[] encode(EventBatch batch) {
        Header header = batch.header();
        out.number(1, EventBatch.VERSION);
        out.text(2, header.sidecar());
        out.number(3, header.epoch());
        out.number(4, header.sequence());
        out.signed(5, header.claimMillis());
        out.signed(6, header.receivedMillis());
        out.number(7, header.leaving() ? 1 : 0);
        long base = base(batch);
        out.signed(8, base);
        out.number(9, batch.events());
        for (Rows rows : batch.rows()) {
            int begin = out.begin(10);
            write(rows, base);
            out.end(begin);
        }
        return out.take();
    }

    private static long base(EventBatch batch) {
        long base = Long.MAX_VALUE;
        for (Rows rows : batch.rows()) {
            for (long time : rows.times()) {
                base = Math.min(base, time);
            }
        }
        return base == Long.MAX_VALUE ? 0 : base;
    }

    private void write(Rows rows, long base) {
        int definition = out.begin(1);
        define(rows.series(), out);
        out.end(definition);
        out.number(2, rows.count());
        int times = out.begin(3);
        long previous = base;
        for (long time : rows.times()) {
            out.signed(time - previous);
            previous = time;
        }
        out.end(times);
        for (Object column : rows.columns()) {
            int begin = out.begin(4);
            write(column);
            out.end(begin);
        }
        for (Exemplar exemplar : rows.exemplars()) {
            int begin = out.begin(5);
            out.bytes(1, HexFormat.of().parseHex(exemplar.traceId()));
            out.signed(2, exemplar.timeMillis());
            out.number(3, exemplar.durationNanos());
            out.number(4, exemplar.failed() ? 1 : 0);
            out.end(begin);
        }
    }

    /** The series message: canonical, so equal series are equal bytes. */
    static byte[] definition(Series series) {
        MessageBuffer out = new MessageBuffer();
        define(series, out);
        return out.take();
    }

    private static void define(Series series, MessageBuffer out) {
        out.number(1, series.kind().ordinal());
        out.text(2, series.service());
        out.text(3, series.name());
        for (Map.Entry<String, String> attribute : series.attributes().entrySet()) {
            int begin = out.begin(4);
            out.text(1, attribute.getKey());
            out.text(2, attribute.getValue());
            out.end(begin);
        }
        for (Field field : series.fields()) {
            int begin = out.begin(5);
            out.text(1, field.name());
            out.number(2, field.type().ordinal());
            out.end(begin);
        }
    }

    private void write(Object column) {
        if (column instanceof long[] durations) {
            int begin = out.begin(1);
            for (long duration : durations) {
                out.number(duration);
            }
            out.end(begin);
        } else if (column instanceof double[] numbers) {
            int begin = out.begin(2);
            for (double number : numbers) {
                out.real(number);
            }
            out.end(begin);
        } else if (column instanceof Distribution[] distributions) {
            for (Distribution each : distributions) {
                write(each);
            }
        } else {
            throw new IllegalArgumentException(
                    "column: " + column.getClass().getSimpleName() + " (expected: long[], double[] or Distribution[])");
        }
    }

    private void write(Distribution distribution) {
        int begin = out.begin(3);
        out.bytes(1, encoded(distribution.histogram()));
        out.real(2, distribution.sum());
        if (!Double.isNaN(distribution.min())) {
            out.real(3, distribution.min());
        }
        if (!Double.isNaN(distribution.max())) {
            out.real(4, distribution.max());
        }
        out.end(begin);
    }

    private static byte[] encoded(Histogram histogram) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        CodedOutputStream coded = CodedOutputStream.newInstance(bytes, 1024);
        try {
            histogram.writeTo(coded);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
