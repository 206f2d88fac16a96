// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.attribute;
import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Outcome;
import io.conjunct.signal.Selector;
import io.conjunct.signal.Signal;
import io.conjunct.signal.Signal.OnMissing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What rules read is what leaves the process. */
class ProfileTest {
    private static final String CANARY = "jane.doe@example.com";
    private static final Selector SERVER_SPANS =
            new Selector(Kind.SPAN, "", List.of(Matcher.is("http.request.method", "GET")));

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static RuleSet rules(Signal... signals) {
        return new RuleSet("1", List.of(new RuleGroup("shop", "team", List.of(signals), List.of())));
    }

    private static Signal signal(Measure measure, Selector of, String... by) {
        return new Signal(
                "s" + measure,
                measure,
                of,
                Duration.ofMinutes(1),
                List.of(by),
                "",
                1,
                0,
                new OnMissing.Unknown(),
                false);
    }

    @Test
    void profile_hasWhatSelectorsSplitsOutcomesAndMeasuresName() {
        IngestProfile profile = IngestProfile.of(rules(
                signal(Measure.quantile(0.95, "duration"), SERVER_SPANS, "http.route"),
                signal(Measure.of(Measure.Type.SUM, "cart.items"), SERVER_SPANS),
                signal(
                        Measure.ratio(new Outcome.Attribute("cache.hit", Matcher.is("cache.hit", "true"))),
                        new Selector(Kind.EVENT, "lookup", List.of())),
                signal(Measure.ratio(new Outcome.Measured("size > 1", "size", Comparator.GREATER, 1)), SERVER_SPANS)));
        assertThat(profile.attributes()).containsExactlyInAnyOrder("http.request.method", "http.route", "cache.hit");
        assertThat(profile.fields()).containsExactlyInAnyOrder("cart.items", "size");
        assertThat(profile.readers())
                .hasValueSatisfying(readers -> assertThat(readers).hasSize(2));
    }

    @Test
    void eventsThatNoRuleReads_areDroppedAndCounted_untilARuleReadsThem() {
        byte[] request = traces(
                        span().addAttributes(attribute("http.request.method", "GET"))
                                .addAttributes(attribute("http.route", "/cart")),
                        span().addAttributes(attribute("db.system.name", "redis")))
                .toByteArray();
        fixture.sidecar.profile(IngestProfile.of(rules(signal(Measure.count(), SERVER_SPANS))));
        fixture.postProtobuf("/v1/traces", request);
        assertThat(fixture.log.onlyRows().series().attributes())
                .containsEntry("http.request.method", "GET")
                .doesNotContainKey("http.route");
        assertThat(fixture.metric("rejected", "no_rule")).isEqualTo(1);
        fixture.sidecar.profile(IngestProfile.of(
                rules(signal(Measure.count(), new Selector(Kind.SPAN, "", List.of()), "db.system.name"))));
        fixture.postProtobuf("/v1/traces", request);
        assertThat(fixture.log.events()).isEqualTo(3);
        assertThat(fixture.log.countBySeries().keySet())
                .extracting(series -> series.get("db.system.name"))
                .contains("redis");
        fixture.sidecar.profile(IngestProfile.of(rules()).withAllEvents());
        fixture.postProtobuf("/v1/traces", request);
        assertThat(fixture.log.events()).isEqualTo(5);
        assertThat(fixture.metric("rejected", "no_rule")).isEqualTo(1);
    }

    @Test
    void privateValues_areNeitherInTheTopicNorInTheSpool_evenWhenARuleNamesThem() throws IOException {
        Selector greedy = new Selector(Kind.SPAN, "", List.of(new Matcher("url.query", true, List.of("x"), "")));
        for (IngestProfile profile : List.of(
                IngestProfile.keepEverything(),
                IngestProfile.of(
                        rules(signal(Measure.count(), greedy, "db.query.text", "user.email", "db.statement"))))) {
            fixture.sidecar.profile(profile);
            fixture.log.fail(true);
            fixture.postProtobuf(
                    "/v1/traces",
                    traces(span().addAttributes(attribute("url.query", "mail=" + CANARY))
                                    .addAttributes(attribute("db.query.text", "select '" + CANARY + "'"))
                                    .addAttributes(attribute("db.statement", "select '" + CANARY + "'"))
                                    .addAttributes(attribute("http.url", "https://x/?" + CANARY))
                                    .addAttributes(attribute("http.request.header.cookie", CANARY))
                                    .addAttributes(attribute("user.email", CANARY)))
                            .toByteArray());
            try (Stream<Path> files = Files.walk(fixture.spool)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(CANARY);
                }
            }
            fixture.log.fail(false);
            assertThat(fixture.log.encoded())
                    .allSatisfy(batch -> assertThat(new String(batch, StandardCharsets.ISO_8859_1))
                            .doesNotContain(CANARY));
        }
        assertThat(fixture.log.events()).isEqualTo(2);
        assertThat(fixture.log.countBySeries().keySet())
                .allSatisfy(series -> assertThat(series.get(Series.SPAN_NAME)).isEqualTo("GET /cart"));
    }
}
