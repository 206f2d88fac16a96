// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.attribute;
import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.ingest.metrics.Shaped;
import io.conjunct.ingest.metrics.Shaping;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault F5 and what keeps telemetry low in cardinality: folding, placeholders, dependencies, types of exceptions. */
class GovernanceTest {
    private static final String RULES = """
            groups:
            - name: shop
              owner: team
              signals:
                failures: {measure: count, of: event exception, where: {exception.type: java.io.IOException}, over: 1m}
                reads:    {measure: count, of: span, where: {dependency: redis GET}, over: 1m}
                batch:    {measure: count, of: span, where: {span.name: batch 7}, over: 1m}
                all:      {measure: count, of: span, where: {service.name: checkout}, over: 1m}
                errors:   {measure: count, of: event exception, over: 1m}
              rules:
              - {alert: A, when: failures > 3 AND reads > 3, tier: ticket}
              - {alert: B, when: batch > 3 AND all > 3, tier: ticket}
              - {alert: C, when: errors > 3 AND all > 3, tier: ticket}
            """;

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void idsInSpanNames_becomePlaceholders_andAreToldToTheirTeam() {
        String warning = Fixture.text(fixture.postProtobuf(
                "/v1/traces",
                traces(span().setName("GET /cart/17"), span().setName("GET /cart/18"), span().setName("GET /cart"))
                        .toByteArray()));
        assertThat(warning).contains("span.name holds ids or numbers");
        assertThat(fixture.log.countBySeries().values()).containsExactlyInAnyOrder(2, 1);
        assertThat(fixture.metric("folded", "span.name", "ids_in_name")).isEqualTo(2);
        assertThat(fixture.sidecar.status().topShaped())
                .containsEntry(new Shaped("checkout", "span.name", Shaping.IDS_IN_NAME), 2L);
    }

    @Test
    void spanNamesThatRulesSpellOut_stayAsTheyAre() {
        fixture.sidecar.profile(profile());
        Door.HTTP_PROTOBUF.export(fixture, Signal.TRACES, traces(span().setName("batch 7"), span().setName("batch 8")));
        assertThat(fixture.log.rows())
                .extracting(rows -> rows.series().name())
                .containsExactlyInAnyOrder("batch 7", "batch {n}");
    }

    @Test
    void exceptionTypes_areKeptWhereARuleNamesThem_andCountedOtherwise() {
        fixture.sidecar.profile(profile());
        LogRecord.Builder[] records = new LogRecord.Builder[101];
        for (int i = 0; i < records.length; i++) {
            records[i] = LogRecord.newBuilder()
                    .setEventName("exception")
                    .setTimeUnixNano(Otlp.nanos(-1))
                    .addAttributes(attribute("exception.message", "canary"))
                    .addAttributes(attribute("exception.type", i == 0 ? "java.io.IOException" : "com.shop.E" + i));
        }
        Door.HTTP_PROTOBUF.export(fixture, Signal.LOGS, Otlp.logs(records));
        assertThat(fixture.log.rows())
                .extracting(rows -> rows.series().get("exception.type") + " " + rows.count())
                .containsExactlyInAnyOrder("java.io.IOException 1", "__other__ 100");
        assertThat(fixture.metric("folded", "exception.type", "type_not_named")).isEqualTo(100);
        assertThat(fixture.metric("attributes_dropped", "private")).isEqualTo(101);
        assertThat(fixture.sidecar.status().privateKeys()).containsExactly("exception.message");
    }

    @ParameterizedTest
    @CsvSource({
        "db.system,redis,db.operation,GET,redis GET",
        "db.system.name,postgresql,db.operation.name,SELECT,postgresql SELECT",
        "messaging.system,kafka,messaging.destination.name,orders,kafka orders",
        "rpc.system,grpc,rpc.method,cart.Cart/Get,grpc cart.Cart/Get",
        "peer.service,payments,http.method,GET,payments",
        "db.system,redis,db.operation,GET 77,redis GET {n}"
    })
    void whatASpanCalls_hasOneShortName(String key, String value, String key2, String value2, String name) {
        Door.HTTP_PROTOBUF.export(
                fixture,
                Signal.TRACES,
                traces(span().addAttributes(attribute(key, value)).addAttributes(attribute(key2, value2))));
        assertThat(fixture.log.onlyRows().series().get("dependency")).isEqualTo(name);
    }

    @Test
    void partsOfADependency_areReadForIt_andNotKept() {
        fixture.sidecar.profile(profile());
        Door.HTTP_PROTOBUF.export(
                fixture,
                Signal.TRACES,
                traces(span().addAttributes(attribute("db.system", "redis"))
                        .addAttributes(attribute("db.operation", "GET"))));
        assertThat(fixture.log.onlyRows().series().attributes())
                .isEqualTo(Map.of("dependency", "redis GET", "span.kind", "server", "status", "unset"));
    }

    @Test
    void f4_hugeAttributes_areCutOrDropped_andTheirSpansKept() {
        try (Fixture roomy = new Fixture(
                Fixture.settings().withLimits(java.time.Duration.ofSeconds(10), 16 << 20, 4 << 20, 8 << 20))) {
            Span.Builder many = span().setName("many");
            for (int i = 0; i < 10_000; i++) {
                many.addAttributes(attribute("k" + i, "v"));
            }
            assertThat(Door.HTTP_PROTOBUF
                            .export(
                                    roomy,
                                    Signal.TRACES,
                                    traces(
                                            span().addAttributes(attribute("big", "x".repeat(1 << 20))),
                                            span().addAttributes(attribute("k".repeat(1 << 16), "v")),
                                            many))
                            .status())
                    .isEqualTo(200);
            assertThat(roomy.log.events()).isEqualTo(3);
            assertThat(roomy.metric("adjusted", "text_cut")).isEqualTo(1);
            assertThat(roomy.metric("adjusted", "attribute_over_cap")).isGreaterThan(9_000);
        }
    }

    @Test
    void f5_uuidsEverywhere_stayWithinTheCaps_andCountsStayExact() {
        int requests = 40;
        for (int i = 0; i < requests; i++) {
            Span.Builder[] spans = new Span.Builder[250];
            for (int s = 0; s < spans.length; s++) {
                spans[s] = span().setName("GET /" + UUID.randomUUID())
                        .addAttributes(attribute(
                                "service.instance.id", UUID.randomUUID().toString()))
                        .addAttributes(attribute("http.route", "/x" + UUID.randomUUID()))
                        .addAttributes(attribute("error.type", "e" + UUID.randomUUID()));
            }
            assertThat(Door.HTTP_PROTOBUF
                            .export(fixture, Signal.TRACES, traces(spans))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(fixture.log.events()).isEqualTo(requests * 250);
        assertThat(fixture.log.countBySeries()).hasSizeLessThanOrEqualTo(2 * IngestProfile.MAX_VALUES_PER_KEY + 1);
        assertThat(fixture.sidecar.status().topShaped())
                .containsKeys(
                        new Shaped("checkout", "http.route", Shaping.TOO_MANY_VALUES),
                        new Shaped("checkout", "error.type", Shaping.TOO_MANY_VALUES),
                        new Shaped("checkout", "span.name", Shaping.IDS_IN_NAME));
    }

    private static IngestProfile profile() {
        return IngestProfile.of(RuleLoader.load(List.of(new RuleSource("rules.yaml", RULES)), "test")
                .ruleSet()
                .orElseThrow());
    }
}
