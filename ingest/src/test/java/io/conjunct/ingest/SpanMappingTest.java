// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.attribute;
import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.Exemplar;
import io.conjunct.event.Field;
import io.conjunct.event.Series;
import io.conjunct.ingest.profile.IngestProfile;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From spans and log records to events: data-level checks C43 to C52, names, governance and the time guard. */
class SpanMappingTest {
    private static final long NOW = Fixture.NOW.toEpochMilli();

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void span_withEverything_becomesOneEvent() {
        send(span().setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
                .addAttributes(attribute("http.route", "/cart")));
        Rows rows = fixture.log.onlyRows();
        assertThat(rows.series())
                .isEqualTo(Series.span(
                        "checkout",
                        "GET /cart",
                        Map.of("http.route", "/cart", "span.kind", "server", "status", "error")));
        assertThat(rows.times()).containsExactly(NOW - 100);
        assertThat((long[]) rows.columns()[0]).containsExactly(30_000_000L);
        assertThat(rows.exemplars()).containsExactly(new Exemplar(Otlp.TRACE, NOW - 100, 30_000_000, true));
    }

    @Test
    void resourceWithoutServiceName_isUnknownService() {
        var request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Otlp.resource("checkout"))
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span())))
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(span().addAttributes(attribute("service.name", "not mine")))));
        fixture.postProtobuf("/v1/traces", request.build().toByteArray());
        assertThat(fixture.log.rows())
                .extracting(rows -> rows.series().service())
                .containsExactly("checkout", "unknown_service");
    }

    @Test
    void oldNames_becomeTodays_andTodaysWinOverOld() {
        send(span().addAttributes(attribute("http.method", "OLD"))
                .addAttributes(attribute("http.request.method", "NEW"))
                .addAttributes(attribute("db.system", "redis"))
                .addAttributes(attribute("peer.service", "cache")));
        assertThat(fixture.log.onlyRows().series().attributes())
                .containsEntry("http.request.method", "NEW")
                .containsEntry("db.system.name", "redis")
                .containsEntry("service.peer.name", "cache")
                .doesNotContainKeys("http.method", "db.system", "peer.service");
    }

    @ParameterizedTest
    @CsvSource({
        "cache.hit,true,true",
        "cache_hit,false,false",
        "IsCacheHit,True,true",
        "cache.result,hit,true",
        "cache.result,miss,false",
        "cache.status,MISS,false"
    })
    void cacheHits_inKnownSpellings_becomeCacheHit(String key, String value, String hit) {
        send(span().addAttributes(attribute(key, value)));
        assertThat(fixture.log.onlyRows().series().get("cache.hit")).isEqualTo(hit);
    }

    @Test
    void privateAndUnboundedAttributes_neverReachTheLog() {
        String secret = "canary-7f3a@example.org";
        for (String key : new String[] {
            "url.full",
            "http.url",
            "url.query",
            "db.statement",
            "db.query.text",
            "client.address",
            "user_agent.original",
            "http.request.header.cookie",
            "enduser.id",
            "exception.message"
        }) {
            send(span().addAttributes(attribute(key, secret)));
        }
        assertThat(fixture.log.encoded())
                .allSatisfy(batch -> assertThat(new String(batch, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("canary"));
        assertThat(fixture.log.countBySeries()).hasSize(1);
    }

    @Test
    void reservedNames_cannotBeForged() {
        send(span().addAttributes(attribute("status", "ok")).addAttributes(attribute("span.kind", "queen")));
        assertThat(fixture.log.onlyRows().series().attributes())
                .isEqualTo(Map.of("status", "unset", "span.kind", "server"));
    }

    @Test
    void attributesBeyondTheCap_areDropped_andLongValuesCutOnCodePoints() {
        Span.Builder span = span().addAttributes(attribute("a", "x".repeat(255) + "😀"));
        for (int i = 0; i < 100; i++) {
            span.addAttributes(attribute("key" + i, "v"));
        }
        send(span);
        Series series = fixture.log.onlyRows().series();
        assertThat(series.attributes()).hasSize(32).containsEntry("a", "x".repeat(255));
        assertThat(fixture.metric("adjusted", "attribute_over_cap")).isPositive();
        assertThat(fixture.metric("adjusted", "text_cut")).isEqualTo(1);
    }

    @Test
    void valuesBeyondTheCap_foldAndCountsStayExact() {
        int total = 3_000;
        for (int request = 0; request < 10; request++) {
            Span.Builder[] spans = new Span.Builder[total / 10];
            for (int i = 0; i < spans.length; i++) {
                spans[i] =
                        span().addAttributes(attribute("cart", UUID.randomUUID().toString()));
            }
            send(spans);
        }
        assertThat(fixture.log.events()).isEqualTo(total);
        assertThat(fixture.log.countBySeries()).hasSizeLessThanOrEqualTo(1_001);
        assertThat(fixture.metric("folded", "cart")).isEqualTo(2_000);
    }

    @Test
    void profile_whenSwapped_appliesToTheNextRequest() {
        Span.Builder span = span().addAttributes(attribute("tenant", "a"))
                .addAttributes(attribute("http.method", "GET"))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("items")
                        .setValue(AnyValue.newBuilder().setIntValue(3)));
        send(span);
        fixture.sidecar.profile(IngestProfile.keepOnly(Set.of("http.request.method"), Set.of("items")));
        send(span);
        Series before = fixture.log.rows().get(0).series();
        Rows after = fixture.log.rows().get(1);
        assertThat(before.attributes()).containsEntry("tenant", "a").containsEntry("items", "3");
        assertThat(before.fields()).containsExactly(Field.duration());
        assertThat(after.series().attributes()).containsOnlyKeys("http.request.method", "span.kind", "status");
        assertThat(after.series().fields()).containsExactly(Field.duration(), Field.number("items"));
        assertThat((double[]) after.columns()[1]).containsExactly(3.0);
    }

    @ParameterizedTest
    @CsvSource({"189345600000,time_ahead", "1,time_ahead"})
    void timeAheadOfTheClock_isTheReceiveTimeAndCounted(long ahead, String reason) {
        send(span().setEndTimeUnixNano(Otlp.nanos(ahead)));
        assertThat(fixture.log.onlyRows().times()).containsExactly(NOW);
        assertThat(fixture.metric("adjusted", reason)).isEqualTo(1);
    }

    @Test
    void timeMissingOrBeyond2262_isTheReceiveTimeAndCounted() {
        send(span().setEndTimeUnixNano(0), span().setEndTimeUnixNano(-1), span().setEndTimeUnixNano(Long.MIN_VALUE));
        Rows rows = fixture.log.onlyRows();
        assertThat(rows.times()).containsOnly(NOW);
        assertThat((long[]) rows.columns()[0]).containsOnly(0L);
        assertThat(fixture.metric("adjusted", "time_missing")).isEqualTo(1);
        assertThat(fixture.metric("adjusted", "time_overflow")).isEqualTo(2);
    }

    @Test
    void timeLongAgo_staysAsItIs() {
        send(span().setStartTimeUnixNano(Otlp.nanos(-7_200_001)).setEndTimeUnixNano(Otlp.nanos(-7_200_000)));
        assertThat(fixture.log.onlyRows().times()).containsExactly(NOW - 7_200_000);
    }

    private void send(Span.Builder... spans) {
        assertThat(fixture.postProtobuf("/v1/traces", traces(spans).toByteArray())
                        .statusCode())
                .isEqualTo(200);
    }
}
