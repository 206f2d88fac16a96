// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.histogram.Histogram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The builder puts events into the columns of their series and keeps the exemplars that any batching would keep. */
class EventBatchBuilderTest {
    private static final long TICK = 10_000;
    private static final Header HEADER = new Header("s", 1, 1, 0, 0, false);
    private static final Series CART = Series.span("cart", "GET", Map.of("status", "ok"));
    private static final Series SHOP = Series.span("shop", "GET", Map.of("status", "ok"));

    /** What a batch was given must never be written to by those that come after it. */
    @Test
    void batchesThatShareSpareColumns_areThoseOfBuildersAlone_alsoAfterwards() {
        SpareColumns spare = new SpareColumns();
        List<EventBatch> shared = new ArrayList<>();
        List<EventBatch> alone = new ArrayList<>();
        for (boolean share : List.of(true, false)) {
            Random random = new Random(3);
            for (int round = 0; round < 40; round++) {
                EventBatchBuilder builder =
                        share ? new EventBatchBuilder(TICK, spare) : new EventBatchBuilder(TICK, new SpareColumns());
                for (int i = random.nextInt(3_000); i >= 0; i--) {
                    Series series = random.nextBoolean() ? CART : SHOP;
                    builder.addSpan(builder.series(series), random.nextInt(100), random.nextInt(1_000));
                }
                (share ? shared : alone).add(builder.build(HEADER));
            }
        }
        assertThat(shared).isEqualTo(alone);
    }

    @Test
    void add_ofEventsOfManySeries_fillsTheirColumnsInOrder() {
        EventBatchBuilder builder = new EventBatchBuilder(TICK);
        Series login = new Series(
                Kind.EVENT,
                "auth",
                "login",
                new TreeMap<>(),
                List.of(Field.number("tries"), Field.distribution("sizes"), Field.duration()));
        Histogram sizes = new Histogram();
        sizes.record(3);
        Distribution distribution = new Distribution(sizes, 3, 3, 3);
        int cart = builder.series(CART);
        int auth = builder.series(login);
        builder.addSpan(cart, 5, 50);
        builder.add(auth, 6, 60L, distribution, 2.5);
        builder.addSpan(builder.series(CART), 4, 40);

        EventBatch batch = builder.build(HEADER);

        assertThat(login.fields()).extracting(Field::name).containsExactly("duration", "sizes", "tries");
        assertThat(batch)
                .isEqualTo(new EventBatch(
                        HEADER,
                        List.of(
                                new Rows(CART, new long[] {5, 4}, new Object[] {new long[] {50, 40}}, List.of()),
                                new Rows(
                                        login,
                                        new long[] {6},
                                        new Object[] {
                                            new long[] {60}, new Distribution[] {distribution}, new double[] {2.5}
                                        },
                                        List.of()))));
    }

    @Test
    void add_ofNegativeDuration_countsAsZero() throws Exception {
        EventBatchBuilder builder = new EventBatchBuilder(TICK);
        builder.addSpan(builder.series(CART), 5, -7);

        EventBatch batch = builder.build(HEADER);

        assertThat(EventBatch.decode(batch.encode()).rows())
                .containsExactly(new Rows(CART, new long[] {5}, new Object[] {new long[] {0}}, List.of()));
    }

    @Test
    void add_withTooFewValues_isRefusedAndChangesNothing() {
        EventBatchBuilder builder = new EventBatchBuilder(TICK);
        int cart = builder.series(CART);

        assertThatThrownBy(() -> builder.add(cart, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.build(HEADER).rows()).isEmpty();
    }

    @Test
    void build_emptiesTheBuilder() {
        EventBatchBuilder builder = new EventBatchBuilder(TICK);
        builder.addSpan(builder.series(CART), 5, 50);
        EventBatch first = builder.build(HEADER);

        assertThat(builder.events()).isZero();
        assertThat(builder.estimatedBytes()).isZero();
        assertThat(builder.build(HEADER).rows()).isEmpty();
        builder.addSpan(builder.series(SHOP), 6, 60);
        assertThat(builder.build(HEADER).rows()).extracting(Rows::series).containsExactly(SHOP);
        assertThat(first.events()).isEqualTo(1);
    }

    @Test
    void offerExemplar_inAnyOrder_keepsTheSame() {
        Seeded.forEach(500, (random, seed) -> {
            List<Exemplar> offered = exemplars(random, 30);

            List<Exemplar> once = kept(offered, 1);
            Collections.shuffle(offered, new Random(seed));
            List<Exemplar> shuffled = kept(offered, 1);

            assertThat(shuffled).isEqualTo(once);
            assertThat(once).isNotEmpty();
        });
    }

    @Test
    void offerExemplar_inSeveralBatches_losesNoneThatOneBatchKeeps() {
        Seeded.forEach(500, (random, seed) -> {
            List<Exemplar> offered = exemplars(random, 30);

            List<Exemplar> whole = kept(offered, 1);
            // What any reader keeps of the batches' choices is what it would keep of one batch.
            List<Exemplar> again = kept(new ArrayList<>(kept(offered, 4)), 1);

            assertThat(again).isEqualTo(whole);
        });
    }

    private static List<Exemplar> kept(List<Exemplar> offered, int batches) {
        EventBatchBuilder builder = new EventBatchBuilder(TICK);
        List<Exemplar> kept = new ArrayList<>();
        int perBatch = (offered.size() + batches - 1) / batches;
        for (int i = 0; i < offered.size(); i++) {
            Exemplar exemplar = offered.get(i);
            int series = builder.series(CART);
            builder.addSpan(series, exemplar.timeMillis(), exemplar.durationNanos());
            builder.offerExemplar(series, exemplar);
            if ((i + 1) % perBatch == 0 || i == offered.size() - 1) {
                builder.build(HEADER).rows().forEach(r -> kept.addAll(r.exemplars()));
            }
        }
        return kept;
    }

    private static List<Exemplar> exemplars(RandomGenerator random, int count) {
        List<Exemplar> exemplars = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] trace = new byte[16];
            random.nextBytes(trace);
            // Few distinct values, so that ties are common.
            exemplars.add(new Exemplar(
                    Exemplar.hex(trace), -15_000 + random.nextInt(6) * 7_000, random.nextInt(4), random.nextBoolean()));
        }
        return exemplars;
    }

    @Test
    void estimatedBytes_ofSpans_isAnUpperEstimate() {
        Seeded.forEach(300, (random, seed) -> {
            EventBatchBuilder builder = new EventBatchBuilder(TICK);
            int seriesCount = random.nextInt(1, 200);
            int spans = random.nextInt(1, 5_000);
            for (int i = 0; i < spans; i++) {
                int series = builder.series(Series.span(
                        "service-" + random.nextInt(seriesCount),
                        random.nextInt(3) == 0 ? "GET /größe" : "GET",
                        Map.of("status", "ok", "db.system", "redis")));
                long time = 1_700_000_000_000L + i + random.nextInt(20_000);
                long duration = (long) Math.exp(random.nextDouble(5, 26));
                builder.addSpan(series, time, duration);
                if (random.nextInt(50) == 0) {
                    byte[] trace = new byte[16];
                    random.nextBytes(trace);
                    builder.offerExemplar(
                            series, new Exemplar(Exemplar.hex(trace), time, duration, random.nextBoolean()));
                }
            }
            int estimate = builder.estimatedBytes();

            int encoded = builder.build(HEADER).encode().length;

            assertThat(encoded).isLessThanOrEqualTo(estimate + 64);
            assertThat(estimate).as("not wildly above").isLessThan(3 * encoded + 1_000);
        });
    }

    @Test
    void estimatedBytes_ofDistributions_isAnUpperEstimate() {
        Seeded.forEach(100, (random, seed) -> {
            EventBatchBuilder builder = new EventBatchBuilder(TICK);
            Series metric =
                    new Series(Kind.METRIC, "s", "latency", new TreeMap<>(), List.of(Field.distribution(Field.VALUE)));
            int points = random.nextInt(1, 500);
            for (int i = 0; i < points; i++) {
                Histogram histogram = new Histogram();
                for (int j = 0; j < 100; j++) {
                    histogram.record(Math.exp(random.nextGaussian()));
                }
                builder.add(
                        builder.series(metric),
                        1_700_000_000_000L + i * 1_000L,
                        new Distribution(histogram, 100, 0.1, 10));
            }
            int estimate = builder.estimatedBytes();

            int encoded = builder.build(HEADER).encode().length;

            assertThat(encoded).isLessThanOrEqualTo(estimate + 64);
        });
    }
}
