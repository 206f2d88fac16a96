// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import com.sun.management.ThreadMXBean;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.histogram.Histogram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever bytes arrive: a batch or a {@link MalformedBatchException}, quickly and in bounded memory. */
class DamagedBatchTest {
    private static final Header HEADER = new Header("s", 1, 1, 0, 0, false);
    private static final long MAX_ALLOCATION = 200L << 20;

    @Test
    void decode_ofTruncatedBytes_isMalformedOrShorter() {
        Seeded.forEach(500, (random, seed) -> {
            byte[] encoded = new RandomBatches(random).next().encode();
            for (int i = 0; i < 20; i++) {
                decodeOrRefuse(Arrays.copyOf(encoded, random.nextInt(encoded.length)));
            }
        });
    }

    @Test
    void decode_ofFlippedBits_isMalformedOrAnotherBatch() {
        Seeded.forEach(2_000, (random, seed) -> {
            byte[] encoded = new RandomBatches(random).next().encode();
            for (int i = 0; i < 20; i++) {
                byte[] damaged = encoded.clone();
                int flips = random.nextInt(1, 4);
                for (int j = 0; j < flips; j++) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                decodeOrRefuse(damaged);
            }
        });
    }

    @Test
    void decode_ofMovedBytes_isMalformedOrAnotherBatch() {
        Seeded.forEach(1_000, (random, seed) -> {
            byte[] encoded = new RandomBatches(random).next().encode();
            for (int i = 0; i < 10; i++) {
                byte[] damaged = encoded.clone();
                int length = random.nextInt(Math.min(40, encoded.length));
                System.arraycopy(
                        encoded,
                        random.nextInt(encoded.length - length),
                        damaged,
                        random.nextInt(encoded.length - length),
                        length);
                decodeOrRefuse(damaged);
            }
        });
    }

    @Test
    void decode_ofNoise_isMalformed() {
        Seeded.forEach(20_000, (random, seed) -> {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            decodeOrRefuse(noise);
        });
    }

    @Test
    void reader_onDamagedBatchesOfAKnownSeries_givesNoValueOfAnotherBatch() {
        EventBatchReader reader = new EventBatchReader();
        Seeded.forEach(2_000, (random, seed) -> {
            byte[] damaged = new RandomBatches(random).next().encode();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                reader.open(damaged);
                while (reader.next()) {
                    // As the engine reads a series that it recognises by its bytes: without decoding it again.
                    for (int field = 0; field < reader.columns(); field++) {
                        for (int row = 0; row < reader.count(); row++) {
                            reader.value(field, row);
                        }
                    }
                }
            } catch (MalformedBatchException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        });
    }

    @Test
    void decode_ofAnotherVersion_saysWhichItReads() {
        byte[] encoded = EventBatch.heartbeat(HEADER).encode();
        encoded[1] = 2;

        assertThatThrownBy(() -> EventBatch.decode(encoded))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessage("event batch version 2 (this build reads version 1)");
    }

    @Test
    void decode_ofColumnBeforeALargerCount_isMalformed() throws IOException {
        byte[] rows = message(out -> {
            out.writeByteArray(1, EventBatchWriter.definition(Series.span("s", "n", Map.of())));
            out.writeUInt32(2, 1);
            out.writeByteArray(4, message(column -> column.writeByteArray(1, new byte[1])));
            out.writeUInt32(2, 100);
            out.writeByteArray(3, new byte[100]);
        });

        assertThatThrownBy(() -> EventBatch.decode(batchOf(rows))).isInstanceOf(MalformedBatchException.class);
    }

    @Test
    void decode_ofColumnOfAnotherType_isMalformed() throws IOException {
        byte[] rows = message(out -> {
            out.writeByteArray(1, EventBatchWriter.definition(Series.span("s", "n", Map.of())));
            out.writeUInt32(2, 1);
            out.writeByteArray(3, new byte[1]);
            out.writeByteArray(4, message(column -> column.writeByteArray(2, new byte[8])));
        });
        EventBatchReader reader = new EventBatchReader();
        reader.open(batchOf(rows));
        assertThat(reader.next()).isTrue();

        assertThatThrownBy(() -> reader.durations(0)).isInstanceOf(MalformedBatchException.class);
        assertThatThrownBy(reader::series).isInstanceOf(MalformedBatchException.class);
    }

    @Test
    void decode_ofUnsortedFields_isMalformedBecauseColumnsWouldBeExchanged() throws IOException {
        byte[] series = message(out -> {
            out.writeByteArray(5, message(field -> {
                field.writeString(1, "y");
                field.writeEnum(2, 1);
            }));
            out.writeByteArray(5, message(field -> {
                field.writeString(1, "x");
                field.writeEnum(2, 1);
            }));
        });
        byte[] rows = message(out -> {
            out.writeByteArray(1, series);
            out.writeUInt32(2, 1);
            out.writeByteArray(3, new byte[1]);
            out.writeByteArray(4, message(column -> column.writeByteArray(2, new byte[8])));
            out.writeByteArray(4, message(column -> column.writeByteArray(2, new byte[8])));
        });

        assertThatThrownBy(() -> EventBatch.decode(batchOf(rows)))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("sorted");
    }

    @Test
    void decode_ofNegativeDuration_isMalformed() {
        Rows rows = new Rows(Series.span("s", "n", Map.of()), new long[1], new Object[] {new long[] {-1}}, List.of());

        assertThatThrownBy(() -> EventBatch.decode(new EventBatch(HEADER, List.of(rows)).encode()))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("negative");
    }

    @Test
    void decode_ofDistributionWithNegativeOrAbsurdCounts_isMalformed() {
        for (long count : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, Distribution.MAX_COUNT + 1}) {
            Histogram histogram = new Histogram();
            histogram.record(1, count);
            histogram.record(2, 1);
            Rows rows = new Rows(
                    new Series(Kind.METRIC, "s", "n", new TreeMap<>(), List.of(Field.distribution("value"))),
                    new long[1],
                    new Object[] {new Distribution[] {new Distribution(histogram, 0, 0, 0)}},
                    List.of());

            assertThatThrownBy(() -> EventBatch.decode(new EventBatch(HEADER, List.of(rows)).encode()))
                    .isInstanceOf(MalformedBatchException.class);
        }
    }

    @Test
    void reader_onManyColumnsThatClaimManyEvents_allocatesLittle() throws IOException {
        byte[] rows = message(out -> {
            out.writeUInt32(2, 500_000);
            for (int i = 0; i < 60; i++) {
                out.writeByteArray(4, message(column -> column.writeByteArray(1, new byte[0])));
            }
            out.writeByteArray(15, new byte[510_000]);
        });
        EventBatchReader reader = new EventBatchReader();
        reader.open(batchOf(rows));

        assertThat(allocatedBy(() -> assertThatThrownBy(reader::next).isInstanceOf(MalformedBatchException.class)))
                .isLessThan(16L << 20);
    }

    @Test
    void reader_onManyWideDistributions_allocatesLittle() throws Exception {
        int points = 20_000;
        Distribution[] distributions = new Distribution[points];
        Histogram wide = new Histogram();
        wide.record(1e-12);
        wide.record(1e19);
        wide.record(-1e-12);
        wide.record(-1e19);
        Arrays.fill(distributions, new Distribution(wide, 1, Double.NaN, Double.NaN));
        Rows rows = new Rows(
                new Series(Kind.METRIC, "s", "n", new TreeMap<>(), List.of(Field.distribution("value"))),
                new long[points],
                new Object[] {distributions},
                List.of());
        byte[] encoded = new EventBatch(HEADER, List.of(rows)).encode();
        assertThat(encoded.length).isLessThan(2 * EventBatch.MAX_BYTES);
        EventBatchReader reader = new EventBatchReader();
        reader.open(encoded);

        assertThat(allocatedBy(() -> assertThat(reader.next()).isTrue())).isLessThan(16L << 20);
        assertThat(reader.distribution(0, points - 1).histogram()).isEqualTo(wide);
    }

    private static void decodeOrRefuse(byte[] bytes) {
        long allocated = allocatedBy(() -> {
            try {
                EventBatch decoded = EventBatch.decode(bytes);
                // What was accepted can be passed on.
                assertThat(EventBatch.decode(decoded.encode())).isEqualTo(decoded);
            } catch (MalformedBatchException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        });
        assertThat(allocated).isLessThan(MAX_ALLOCATION);
    }

    private static long allocatedBy(Step step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            step.run();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static byte[] batchOf(byte[] rows) throws IOException {
        return message(out -> {
            out.writeUInt32(1, EventBatch.VERSION);
            out.writeByteArray(10, rows);
        });
    }

    private static byte[] message(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        body.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    /** Writes the fields of a message. */
    private interface Body {
        void write(CodedOutputStream out) throws IOException;
    }

    /** Something that may fail. */
    private interface Step {
        void run() throws IOException;
    }
}
