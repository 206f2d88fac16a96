// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;

/** Writes {@code event_batch.proto}. Written against the wire format because the columns are the hot path. */
final class EventBatchWriter {
    private static final int LENGTH_DELIMITED = 2;
    private static final int MAX_VARINT = 10;

    private EventBatchWriter() {}

    static byte[] encode(EventBatch batch) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024 + batch.events() * 8);
            CodedOutputStream out = CodedOutputStream.newInstance(bytes, 8192);
            Header header = batch.header();
            out.writeUInt32(1, EventBatch.VERSION);
            out.writeString(2, header.sidecar());
            out.writeUInt64(3, header.epoch());
            out.writeUInt64(4, header.sequence());
            out.writeSInt64(5, header.claimMillis());
            out.writeSInt64(6, header.receivedMillis());
            out.writeBool(7, header.leaving());
            long base = base(batch);
            out.writeSInt64(8, base);
            out.writeUInt32(9, batch.events());
            for (Rows rows : batch.rows()) {
                int most = 1024 + rows.count() * 8 * (1 + rows.columns().length);
                out.writeByteArray(10, message(most, rowsOut -> writeRows(rowsOut, rows, base)));
            }
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static void writeRows(CodedOutputStream out, Rows rows, long base) throws IOException {
        out.writeByteArray(1, definition(rows.series()));
        out.writeUInt32(2, rows.count());
        long previous = base;
        byte[] steps = new byte[rows.count() * MAX_VARINT];
        CodedOutputStream stepsOut = CodedOutputStream.newInstance(steps);
        for (long time : rows.times()) {
            stepsOut.writeSInt64NoTag(time - previous);
            previous = time;
        }
        writePacked(out, 3, steps, stepsOut.getTotalBytesWritten());
        for (Object column : rows.columns()) {
            out.writeByteArray(4, message(256 + rows.count() * 8, columnOut -> writeColumn(columnOut, column)));
        }
        for (Exemplar exemplar : rows.exemplars()) {
            out.writeByteArray(5, message(64, exemplarOut -> {
                exemplarOut.writeByteArray(1, HexFormat.of().parseHex(exemplar.traceId()));
                exemplarOut.writeSInt64(2, exemplar.timeMillis());
                exemplarOut.writeUInt64(3, exemplar.durationNanos());
                exemplarOut.writeBool(4, exemplar.failed());
            }));
        }
    }

    /** The series message: canonical, so equal series are equal bytes. Every batch has every series, so nothing is copied. */
    static byte[] definition(Series series) throws IOException {
        int size = CodedOutputStream.computeEnumSize(1, series.kind().ordinal())
                + CodedOutputStream.computeStringSize(2, series.service())
                + CodedOutputStream.computeStringSize(3, series.name());
        for (Map.Entry<String, String> attribute : series.attributes().entrySet()) {
            size += nested(attributeSize(attribute));
        }
        for (Field field : series.fields()) {
            size += nested(fieldSize(field));
        }
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeEnum(1, series.kind().ordinal());
        out.writeString(2, series.service());
        out.writeString(3, series.name());
        for (Map.Entry<String, String> attribute : series.attributes().entrySet()) {
            out.writeTag(4, LENGTH_DELIMITED);
            out.writeUInt32NoTag(attributeSize(attribute));
            out.writeString(1, attribute.getKey());
            out.writeString(2, attribute.getValue());
        }
        for (Field field : series.fields()) {
            out.writeTag(5, LENGTH_DELIMITED);
            out.writeUInt32NoTag(fieldSize(field));
            out.writeString(1, field.name());
            out.writeEnum(2, field.type().ordinal());
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    /** With a tag of one byte. */
    private static int nested(int size) {
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }

    private static int attributeSize(Map.Entry<String, String> attribute) {
        return CodedOutputStream.computeStringSize(1, attribute.getKey())
                + CodedOutputStream.computeStringSize(2, attribute.getValue());
    }

    private static int fieldSize(Field field) {
        return CodedOutputStream.computeStringSize(1, field.name())
                + CodedOutputStream.computeEnumSize(2, field.type().ordinal());
    }

    private static void writeColumn(CodedOutputStream out, Object column) throws IOException {
        if (column instanceof long[] durations) {
            byte[] packed = new byte[durations.length * MAX_VARINT];
            CodedOutputStream packedOut = CodedOutputStream.newInstance(packed);
            for (long duration : durations) {
                packedOut.writeUInt64NoTag(duration);
            }
            writePacked(out, 1, packed, packedOut.getTotalBytesWritten());
        } else if (column instanceof double[] numbers) {
            out.writeTag(2, LENGTH_DELIMITED);
            out.writeUInt32NoTag(numbers.length * Double.BYTES);
            for (double number : numbers) {
                out.writeDoubleNoTag(number);
            }
        } else if (column instanceof Distribution[] distributions) {
            for (Distribution d : distributions) {
                out.writeByteArray(3, message(256, distributionOut -> {
                    distributionOut.writeBytes(1, ByteString.copyFrom(message(256, d.histogram()::writeTo)));
                    distributionOut.writeDouble(2, d.sum());
                    if (!Double.isNaN(d.min())) {
                        distributionOut.writeDouble(3, d.min());
                    }
                    if (!Double.isNaN(d.max())) {
                        distributionOut.writeDouble(4, d.max());
                    }
                }));
            }
        } else {
            throw new IllegalArgumentException(
                    "column: " + column.getClass().getSimpleName() + " (expected: long[], double[] or Distribution[])");
        }
    }

    /** Numbers are written before their length, which is only known then. */
    private static void writePacked(CodedOutputStream out, int field, byte[] packed, int length) throws IOException {
        out.writeTag(field, LENGTH_DELIMITED);
        out.writeUInt32NoTag(length);
        out.write(packed, 0, length);
    }

    /** @param expected about how long it becomes */
    private static byte[] message(int expected, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(expected);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, 1024);
        body.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    /** Writes the fields of one nested message. */
    private interface Body {
        void write(CodedOutputStream out) throws IOException;
    }
}
