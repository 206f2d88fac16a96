// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import conjunct.EventBatchOuterClass;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.histogram.Histogram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The classes that protobuf makes of {@code event_batch.proto} read what we write, and we read what they write. */
class WireInteropTest {

    @Test
    void generatedClasses_readWhatWeWrite() {
        Seeded.forEach(1_000, (random, seed) -> {
            EventBatch batch = new RandomBatches(random).next();

            EventBatchOuterClass.EventBatch theirs = EventBatchOuterClass.EventBatch.parseFrom(batch.encode());

            assertThat(theirs.getVersion()).isEqualTo(EventBatch.VERSION);
            assertThat(theirs.getEvents()).isEqualTo(batch.events());
            assertThat(theirs.getUnknownFields().asMap()).isEmpty();
            assertThat(ours(theirs)).isEqualTo(batch);
        });
    }

    @Test
    void generatedClasses_writeTheBytesThatWeReadAsTheSameBatch() {
        Seeded.forEach(1_000, (random, seed) -> {
            EventBatch batch = new RandomBatches(random).next();
            byte[] theirs =
                    EventBatchOuterClass.EventBatch.parseFrom(batch.encode()).toByteArray();

            assertThat(EventBatch.decode(theirs)).isEqualTo(batch);
        });
    }

    @Test
    void batch_builtWithGeneratedClasses_isRead() throws Exception {
        byte[] trace = HexFormat.of().parseHex("0123456789abcdef0123456789abcdef");
        byte[] theirs = EventBatchOuterClass.EventBatch.newBuilder()
                .setVersion(1)
                .setSidecar("python")
                .setEpoch(2)
                .setSequence(9)
                .setClaimUnixMs(900)
                .setReceivedUnixMs(1_100)
                .setBaseUnixMs(1_000)
                .setEvents(2)
                .addRows(EventBatchOuterClass.Rows.newBuilder()
                        .setSeries(EventBatchOuterClass.Series.newBuilder()
                                .setService("cart")
                                .setName("GET")
                                .addAttributes(EventBatchOuterClass.Attribute.newBuilder()
                                        .setKey("status")
                                        .setValue("ok"))
                                .addFields(
                                        EventBatchOuterClass.Field.newBuilder().setName("duration")))
                        .setCount(2)
                        .addTimeDeltas(5)
                        .addTimeDeltas(-3)
                        .addColumns(EventBatchOuterClass.Column.newBuilder()
                                .addDurations(7_000)
                                .addDurations(8_000))
                        .addExemplars(EventBatchOuterClass.Exemplar.newBuilder()
                                .setTraceId(ByteString.copyFrom(trace))
                                .setTimeUnixMs(1_002)
                                .setDurationNanos(8_000)))
                .build()
                .toByteArray();

        EventBatch ours = EventBatch.decode(theirs);

        assertThat(ours.header()).isEqualTo(new Header("python", 2, 9, 900, 1_100, false));
        assertThat(ours.rows())
                .containsExactly(new Rows(
                        Series.span("cart", "GET", Map.of("status", "ok")),
                        new long[] {1_005, 1_002},
                        new Object[] {new long[] {7_000, 8_000}},
                        List.of(new Exemplar("0123456789abcdef0123456789abcdef", 1_002, 8_000, false))));
    }

    @Test
    void fieldsOfALaterVersion_areSkipped() throws Exception {
        EventBatch heartbeat = EventBatch.heartbeat(new Header("s", 1, 1, 5, 6, true));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(heartbeat.encode());
        // Field 15, two bytes.
        bytes.write(new byte[] {15 << 3 | 2, 2, 1, 1});

        assertThat(EventBatch.decode(bytes.toByteArray())).isEqualTo(heartbeat);
    }

    private static EventBatch ours(EventBatchOuterClass.EventBatch theirs) throws IOException {
        List<Rows> rows = new ArrayList<>();
        for (EventBatchOuterClass.Rows r : theirs.getRowsList()) {
            long[] times = new long[r.getCount()];
            long time = theirs.getBaseUnixMs();
            for (int i = 0; i < times.length; i++) {
                time += r.getTimeDeltas(i);
                times[i] = time;
            }
            Series series = series(r.getSeries());
            Object[] columns = new Object[r.getColumnsCount()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = column(series.fields().get(i).type(), r.getColumns(i));
            }
            List<Exemplar> exemplars = new ArrayList<>();
            for (EventBatchOuterClass.Exemplar e : r.getExemplarsList()) {
                exemplars.add(new Exemplar(
                        Exemplar.hex(e.getTraceId().toByteArray()),
                        e.getTimeUnixMs(),
                        e.getDurationNanos(),
                        e.getFailed()));
            }
            rows.add(new Rows(series, times, columns, exemplars));
        }
        Header header = new Header(
                theirs.getSidecar(),
                theirs.getEpoch(),
                theirs.getSequence(),
                theirs.getClaimUnixMs(),
                theirs.getReceivedUnixMs(),
                theirs.getLeaving());
        return new EventBatch(header, rows);
    }

    private static Series series(EventBatchOuterClass.Series theirs) {
        TreeMap<String, String> attributes = new TreeMap<>();
        theirs.getAttributesList().forEach(a -> attributes.put(a.getKey(), a.getValue()));
        List<Field> fields = theirs.getFieldsList().stream()
                .map(f -> new Field(f.getName(), Field.Type.values()[f.getTypeValue()]))
                .toList();
        return new Series(Kind.of(theirs.getKindValue()), theirs.getService(), theirs.getName(), attributes, fields);
    }

    private static Object column(Field.Type type, EventBatchOuterClass.Column theirs) throws IOException {
        return switch (type) {
            case DURATION ->
                theirs.getDurationsList().stream().mapToLong(Long::longValue).toArray();
            case NUMBER ->
                theirs.getNumbersList().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
            case DISTRIBUTION -> {
                Distribution[] distributions = new Distribution[theirs.getDistributionsCount()];
                for (int i = 0; i < distributions.length; i++) {
                    EventBatchOuterClass.Distribution d = theirs.getDistributions(i);
                    Histogram histogram = new Histogram();
                    histogram.mergeFrom(
                            CodedInputStream.newInstance(d.getBuckets().toByteArray()), 1);
                    distributions[i] = new Distribution(
                            histogram,
                            d.getSum(),
                            d.hasMin() ? d.getMin() : Double.NaN,
                            d.hasMax() ? d.getMax() : Double.NaN);
                }
                yield distributions;
            }
        };
    }
}
