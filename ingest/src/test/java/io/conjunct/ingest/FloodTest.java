// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.attribute;
import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.EventBatch;
import io.conjunct.event.Series;
import io.conjunct.ingest.metrics.Shaped;
import io.conjunct.ingest.profile.IngestProfile;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Faults F4, F5 and F7: values without end, values without measure. Each event is counted all the same. */
class FloodTest {
    private static final List<String> FLOODED =
            List.of("http.route", "error.type", "service.version", "cache.name", "messaging.destination.name");
    private static final int REQUESTS = 40;
    private static final int SPANS = 500;

    @Test
    void floodInFiveAttributes_makesNoMoreSeriesThanTheLimit_andCountsExactly_andNamesTheOffenders() {
        Random random = new Random(5);
        try (Fixture fixture = new Fixture()) {
            for (int request = 0; request < REQUESTS; request++) {
                Span.Builder[] spans = new Span.Builder[SPANS];
                Arrays.setAll(spans, i -> {
                    Span.Builder span = span();
                    FLOODED.forEach(key -> span.addAttributes(attribute(key, uuid(random))));
                    return span;
                });
                assertThat(fixture.postProtobuf("/v1/traces", traces(spans).toByteArray())
                                .statusCode())
                        .isEqualTo(200);
            }
            Map<Series, Integer> counts = fixture.log.countBySeries();
            assertThat(counts).hasSizeLessThanOrEqualTo(IngestProfile.MAX_VALUES_PER_KEY + 1);
            assertThat(counts.values().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(REQUESTS * SPANS);
            Series other = counts.keySet().stream()
                    .filter(series -> IngestProfile.OTHER.equals(series.get("http.route")))
                    .findFirst()
                    .orElseThrow();
            assertThat(counts.get(other)).isEqualTo(REQUESTS * SPANS - IngestProfile.MAX_VALUES_PER_KEY);
            assertThat(fixture.sidecar.status().topShaped().keySet())
                    .extracting(Shaped::key)
                    .containsExactlyInAnyOrderElementsOf(FLOODED);
            assertThat(fixture.metric("folded"))
                    .isEqualTo(FLOODED.size() * (REQUESTS * SPANS - IngestProfile.MAX_VALUES_PER_KEY));
        }
    }

    @Test
    void valueOfAMegabyte_keyOf64Kilobytes_andTenThousandAttributes_areCutOrLeftOut_andTheEventArrives() {
        SidecarSettings settings = Fixture.settings()
                .withLimits(Duration.ofSeconds(10), 8 * 1024 * 1024, 4 * 1024 * 1024, 4 * 1024 * 1024);
        try (Fixture fixture = new Fixture(settings)) {
            Span.Builder manyAttributes = span();
            for (int i = 0; i < 10_000; i++) {
                manyAttributes.addAttributes(attribute("key" + i, "value"));
            }
            byte[] request = traces(
                            span().addAttributes(attribute("http.route", "x".repeat(1 << 20))),
                            span().addAttributes(attribute("k".repeat(1 << 16), "value")),
                            span().setName("n".repeat(1 << 20)),
                            manyAttributes)
                    .toByteArray();
            assertThat(fixture.postProtobuf("/v1/traces", request).statusCode()).isEqualTo(200);
            assertThat(fixture.log.events()).isEqualTo(4);
            assertThat(fixture.metric("adjusted", "text_cut")).isEqualTo(2);
            assertThat(fixture.metric("adjusted", "attribute_over_cap")).isGreaterThan(9_000);
            for (Series series : fixture.log.countBySeries().keySet()) {
                assertThat(series.attributes()).hasSizeLessThanOrEqualTo(IngestProfile.MAX_ATTRIBUTES);
                assertThat(series.name()).hasSizeLessThanOrEqualTo(IngestProfile.MAX_CHARS);
            }
        }
    }

    @Test
    void seriesAsLongAsTheyMayBe_neverMakeABatchThatKafkaWouldRefuse() {
        SidecarSettings settings = Fixture.settings()
                .withLimits(Duration.ofSeconds(10), 64 * 1024 * 1024, 4 * 1024 * 1024, 16 * 1024 * 1024);
        try (Fixture fixture = new Fixture(settings)) {
            Span.Builder[] spans = new Span.Builder[900];
            Arrays.setAll(spans, i -> {
                Span.Builder span = span();
                for (int a = 0; a < 24; a++) {
                    span.addAttributes(attribute("key" + a, i + "/" + "v".repeat(IngestProfile.MAX_CHARS - 8)));
                }
                return span;
            });
            assertThat(fixture.postProtobuf("/v1/traces", traces(spans).toByteArray())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(fixture.log.events()).isEqualTo(900);
            assertThat(fixture.log.encoded())
                    .hasSizeGreaterThan(2)
                    .allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(EventBatch.MAX_BYTES));
            assertThat(fixture.metric("dropped")).isZero();
        }
    }

    private static String uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
