// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The wire format gives back what it was given. */
class EventBatchTest {
    private static final Header HEADER = new Header("host-1", 3, 17, 1_700_000_000_000L, 1_700_000_001_000L, false);

    @Test
    void decode_ofEncoded_isTheSameBatch() {
        Seeded.forEach(10_000, (random, seed) -> {
            EventBatch batch = new RandomBatches(random).next();

            EventBatch decoded = EventBatch.decode(batch.encode());

            assertThat(decoded).isEqualTo(batch);
            assertThat(decoded.events()).isEqualTo(batch.events());
        });
    }

    @Test
    void decode_ofHeartbeat_hasNoRows() throws Exception {
        EventBatch heartbeat = EventBatch.heartbeat(HEADER);

        EventBatch decoded = EventBatch.decode(heartbeat.encode());

        assertThat(decoded.header()).isEqualTo(HEADER);
        assertThat(decoded.rows()).isEmpty();
        assertThat(heartbeat.encode().length).isLessThan(64);
    }

    @Test
    void decode_ofMaximalBatch_isTheSameBatch() {
        Seeded.forEach(8, (random, seed) -> {
            RandomBatches batches = new RandomBatches(random);
            List<Rows> rows = new ArrayList<>();
            int size = 0;
            for (int i = 0; size < EventBatch.MAX_BYTES - 20_000; i++) {
                Series some = batches.series();
                Series series = new Series(some.kind(), "service " + i, some.name(), some.attributes(), some.fields());
                Rows of = batches.rows(series, random.nextInt(1, 200));
                rows.add(of);
                size += new EventBatch(HEADER, List.of(of)).encode().length;
            }
            EventBatch batch = new EventBatch(HEADER, rows);

            byte[] encoded = batch.encode();

            assertThat(encoded.length).isBetween(EventBatch.MAX_BYTES / 2, EventBatch.MAX_BYTES + 60_000);
            assertThat(EventBatch.decode(encoded)).isEqualTo(batch);
        });
    }

    @Test
    void decode_ofManySpansOfOneSeries_keepsTheirOrder() throws Exception {
        int count = 60_000;
        long[] times = new long[count];
        long[] durations = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = 1_700_000_000_000L + (i * 37L) % 9_000;
            durations[i] = i * 1_000L;
        }
        EventBatch batch = new EventBatch(
                HEADER,
                List.of(new Rows(
                        Series.span("cart", "GET", Map.of("status", "ok")),
                        times,
                        new Object[] {durations},
                        List.of())));

        assertThat(EventBatch.decode(batch.encode())).isEqualTo(batch);
    }

    @Test
    void encode_ofEqualSeries_isEqualBytesWhateverTheOrderOfAttributesAndFields() throws Exception {
        Series one = new Series(
                Kind.EVENT,
                "s",
                "n",
                new TreeMap<>(Map.of("a", "1", "b", "2")),
                List.of(Field.number("x"), Field.duration()));
        Series other = new Series(
                Kind.EVENT,
                "s",
                "n",
                new TreeMap<>(Map.of("b", "2", "a", "1")),
                List.of(Field.duration(), Field.number("x")));

        assertThat(EventBatchWriter.definition(one)).isEqualTo(EventBatchWriter.definition(other));
    }

    @Test
    void reader_onManyBatches_keepsNothingOfTheBatchBefore() {
        EventBatchReader reader = new EventBatchReader();
        Seeded.forEach(2_000, (random, seed) -> {
            EventBatch batch = new RandomBatches(random).next();
            assertThat(reader.open(batch.encode())).isEqualTo(batch.header());
            for (Rows rows : batch.rows()) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.series()).isEqualTo(rows.series());
                assertThat(reader.count()).isEqualTo(rows.count());
                assertThat(reader.columns()).isEqualTo(rows.columns().length);
                assertThat(Arrays.copyOf(reader.times(), rows.count())).isEqualTo(rows.times());
                assertThat(reader.exemplars()).isEqualTo(rows.exemplars());
                for (int field = 0; field < rows.columns().length; field++) {
                    for (int row = 0; row < rows.count(); row++) {
                        assertThat(Double.valueOf(reader.value(field, row)))
                                .isEqualTo(Double.valueOf(valueOf(rows.columns()[field], row)));
                    }
                }
            }
            assertThat(reader.next()).isFalse();
        });
    }

    private static double valueOf(Object column, int row) {
        if (column instanceof long[] durations) {
            return durations[row];
        }
        if (column instanceof double[] numbers) {
            return numbers[row];
        }
        Distribution distribution = ((Distribution[]) column)[row];
        return distribution.sum() / distribution.count();
    }

    @Test
    void definition_ofTheSameSeriesInTwoBatches_isEqualAndSurvivesTheBatch() throws Exception {
        Series cart = Series.span("cart", "GET", Map.of("status", "ok"));
        Series shop = Series.span("shop", "GET", Map.of("status", "ok"));
        EventBatchReader reader = new EventBatchReader();
        reader.open(new EventBatch(HEADER, List.of(spans(cart, 3), spans(shop, 1))).encode());
        assertThat(reader.next()).isTrue();
        EncodedSeries ofCart = reader.definition().copy();
        assertThat(reader.next()).isTrue();
        EncodedSeries ofShop = reader.definition().copy();

        reader.open(new EventBatch(HEADER, List.of(spans(shop, 5), spans(cart, 2))).encode());
        assertThat(reader.next()).isTrue();
        assertThat(reader.definition()).isEqualTo(ofShop).hasSameHashCodeAs(ofShop);
        assertThat(reader.definition()).isNotEqualTo(ofCart);
        assertThat(reader.next()).isTrue();
        assertThat(reader.definition()).isEqualTo(ofCart).hasSameHashCodeAs(ofCart);
    }

    @Test
    void rows_withTooFewColumns_areRefused() {
        assertThatThrownBy(() -> new Rows(Series.span("s", "n", Map.of()), new long[1], new Object[0], List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("columns: 0 (expected: 1");
    }

    private static Rows spans(Series series, int count) {
        return new Rows(series, new long[count], new Object[] {new long[count]}, List.of());
    }
}
