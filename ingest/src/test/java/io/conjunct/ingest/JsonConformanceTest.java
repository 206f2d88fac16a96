// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.Kind;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON encoding of OTLP, checks C36 to C42, in the shapes that the Node SDK sends. */
class JsonConformanceTest {
    private static final long END = Otlp.nanos(-100);
    private static final long START = Otlp.nanos(-130);

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void c36_hexIds_areReadInAnyCase() {
        accept("/v1/traces", traces(span("").replace(Otlp.TRACE, Otlp.TRACE.toUpperCase(java.util.Locale.ROOT))));
        assertThat(fixture.log.onlyRows().exemplars().get(0).traceId()).isEqualTo(Otlp.TRACE);
    }

    @Test
    void c36_idsInBase64_areRejected() {
        String base64 = span("").replace(Otlp.TRACE, "CvdlGRbNQ92ESOshHIAxnA==");
        assertThat(Fixture.text(fixture.postJson("/v1/traces", traces(base64)))).contains("\"rejectedSpans\":\"1\"");
    }

    @Test
    void c37_enums_areNumbers() {
        accept("/v1/traces", traces(span(",\"status\":{\"code\":2}")));
        assertThat(fixture.log.onlyRows().series().attributes())
                .isEqualTo(Map.of("span.kind", "client", "status", "error"));
    }

    @Test
    void c37_enumNames_are400() {
        assertThat(fixture.postJson("/v1/traces", traces(span("").replace("\"kind\":3", "\"kind\":\"CLIENT\"")))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void c38_64BitNumbers_areTextOrNumbers() {
        accept("/v1/traces", traces(span("")));
        accept("/v1/traces", traces(span("").replace("\"" + END + "\"", "" + END)));
        Rows[] rows = fixture.log.rows().toArray(Rows[]::new);
        assertThat(rows).hasSize(2);
        for (Rows r : rows) {
            assertThat(r.times()).containsExactly(END / 1_000_000);
            assertThat((long[]) r.columns()[0]).containsExactly(30_000_000L);
        }
    }

    @Test
    void c38_intValue_isNumberOrText() {
        accept(
                "/v1/traces",
                traces(span(",\"attributes\":[" + attribute("a", "\"intValue\":9007199254740991") + ","
                        + attribute("b", "\"intValue\":\"9007199254740993\"") + "]")));
        assertThat(fixture.log.onlyRows().series().attributes())
                .containsEntry("a", "9007199254740991")
                .containsEntry("b", "9007199254740993");
    }

    @Test
    void c39_snakeCaseKeys_areUnknown() {
        accept("/v1/traces", "{\"resource_spans\":[{\"scope_spans\":[{\"spans\":[" + span("") + "]}]}]}");
        assertThat(fixture.log.events()).isZero();
    }

    @Test
    void c40_unknownKeys_areIgnoredAtEveryLevel() {
        String x = "\"future\":{\"a\":[1,{\"b\":null}]},";
        accept(
                "/v1/traces",
                "{" + x + "\"resourceSpans\":[{" + x + "\"resource\":{" + x + "\"attributes\":[{" + x
                        + "\"key\":\"service.name\",\"value\":{" + x
                        + "\"stringValue\":\"checkout\"}}]},\"scopeSpans\":[{"
                        + x + "\"spans\":[{" + x + span("").substring(1) + "]}]}]}");
        assertThat(fixture.log.onlyRows().series().service()).isEqualTo("checkout");
    }

    @Test
    void c41_nullIsAbsent_andBytesAndSpecialDoublesAreAccepted() {
        accept(
                "/v1/traces",
                traces(span(",\"status\":null,\"events\":null,\"attributes\":["
                        + attribute("raw", "\"bytesValue\":\"AAEC\"") + ","
                        + attribute("nan", "\"doubleValue\":\"NaN\"") + ","
                        + attribute("inf", "\"doubleValue\":\"-Infinity\"") + ",null,"
                        + "{\"key\":\"none\",\"value\":null}]")));
        assertThat(fixture.log.onlyRows().series().attributes())
                .containsEntry("nan", "NaN")
                .containsEntry("inf", "-Infinity")
                .doesNotContainKeys("raw", "none");
    }

    @Test
    void c42_emptyObjects_standForAbsentMessages() {
        accept(
                "/v1/logs",
                "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
                        + attribute("service.name", "\"stringValue\":\"web\"")
                        + "],\"droppedAttributesCount\":0},\"scopeLogs\":[{\"scope\":{\"name\":\"n\"},\"logRecords\":[{"
                        + "\"timeUnixNano\":\"" + END + "\",\"observedTimeUnixNano\":\"" + END
                        + "\",\"body\":{},\"eventName\":\"cache.lookup\",\"attributes\":["
                        + attribute("cache.hit", "\"boolValue\":false")
                        + "],\"droppedAttributesCount\":0}]}]}]}");
        Rows rows = fixture.log.onlyRows();
        assertThat(rows.series().kind()).isEqualTo(Kind.EVENT);
        assertThat(rows.series().service()).isEqualTo("web");
        assertThat(rows.series().attributes()).isEqualTo(Map.of("cache.hit", "false"));
        assertThat(rows.times()).containsExactly(END / 1_000_000);
    }

    @Test
    void c52_scopesBeforeTheirResource_belongToIt() {
        accept(
                "/v1/traces",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + span("") + "]}],\"resource\":{\"attributes\":["
                        + attribute("service.name", "\"stringValue\":\"späte\"") + "]}}]}");
        assertThat(fixture.log.onlyRows().series().service()).isEqualTo("späte");
    }

    @Test
    void pointsBeforeTheirTemporality_areReadWithIt() {
        String points = "\"dataPoints\":[{\"startTimeUnixNano\":\"" + START + "\",\"timeUnixNano\":\"" + END
                + "\",\"count\":3,\"sum\":12,\"bucketCounts\":[0,3],\"explicitBounds\":[2]}]";
        accept(
                "/v1/metrics",
                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"histogram\":{" + points
                        + ",\"aggregationTemporality\":1},\"name\":\"wait\"}],\"scope\":{\"name\":\"late\"}}]}]}");
        assertThat(fixture.log.onlyRows().series().name()).isEqualTo("wait");
    }

    @Test
    void valueBeforeItsKey_isRead() {
        accept(
                "/v1/traces",
                traces(span(",\"attributes\":[{\"value\":{\"stringValue\":\"GET\"},\"key\":\"http.method\"}]")));
        assertThat(fixture.log.onlyRows().series().attributes()).containsEntry("http.request.method", "GET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{\"resourceSpans\":{}}",
                "{\"resourceSpans\":[1]}",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"endTimeUnixNano\":\"soon\"}]}]}]}",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"endTimeUnixNano\":1.5}]}]}]}",
                "{} {}",
                "{\"resourceSpans\":[{\"scopeSpans\":["
            })
    void jsonThatIsNotARequest_is400(String body) {
        assertThat(fixture.postJson("/v1/traces", body).statusCode()).isEqualTo(400);
    }

    @Test
    void nestingBeyondTheLimit_is400() {
        String deep = "{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        assertThat(fixture.postJson("/v1/traces", deep).statusCode()).isEqualTo(400);
    }

    private void accept(String path, String body) {
        var response = fixture.postJson(path, body);
        assertThat(response.statusCode()).as(Fixture.text(response)).isEqualTo(200);
        assertThat(Fixture.text(response)).isEqualTo("{}");
    }

    private static String attribute(String key, String value) {
        return "{\"key\":\"" + key + "\",\"value\":{" + value + "}}";
    }

    private static String span(String more) {
        return "{\"traceId\":\"" + Otlp.TRACE + "\",\"spanId\":\"b7ad6b7169203331\",\"name\":\"GET\",\"kind\":3,"
                + "\"startTimeUnixNano\":\"" + START + "\",\"endTimeUnixNano\":\"" + END + "\",\"droppedLinksCount\":0"
                + more + "}";
    }

    private static String traces(String span) {
        return "{\"resourceSpans\":[{\"resource\":{\"attributes\":[]},\"scopeSpans\":[{\"scope\":{\"name\":\"x\"},"
                + "\"spans\":[" + span + "]}]}]}";
    }
}
