// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.attribute;
import static io.conjunct.ingest.Otlp.resource;
import static io.conjunct.ingest.Otlp.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.Status;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.spool.SpoolSettings;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of up to 64 MiB, of which a few hundred KiB are in memory at a time. Every span has a duration of its own. */
class LargeBodyTest {
    private static final int MIB = 1024 * 1024;
    private static final SidecarSettings SETTINGS = Fixture.settings()
            .withLimits(Duration.ofSeconds(30), 64 * MIB, MIB, 8 * MIB)
            .withDuplicateWindow(Duration.ofMinutes(1));
    private static final String PADDING = "x".repeat(200);

    private final Fixture fixture = new Fixture(SETTINGS.withSpool(SpoolSettings.in(Fixture.newSpool())));

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"announced", "chunked", "gzip"})
    void longBody_isTakenWhole_eachRecordOnce(String how) throws IOException {
        int spans = 60_000;
        byte[] body = traces(0, spans);
        assertThat(body.length).isGreaterThan(16 * MIB);
        assertThat(post(how, body).statusCode()).isEqualTo(200);
        assertEachOnce(spans);
        assertThat(fixture.metric("requests", "ok")).isEqualTo(1);
        assertThat(filesLeft()).isEmpty();
    }

    @Test
    void bodyOf64Mib_isTaken_andOneByteMoreIsNot() throws IOException {
        byte[] spans = traces(0, 1_000);
        int rest = 64 * MIB - spans.length - 6;
        // One unknown field makes it as long as it may be.
        byte[] exact = join(spans, unknownField(rest));
        assertThat(exact).hasSize(64 * MIB);
        assertThat(post("announced", exact).statusCode()).isEqualTo(200);
        assertThat(post("gzip", exact).statusCode()).isEqualTo(413);
        for (String how : List.of("announced", "chunked")) {
            HttpResponse<byte[]> answer = post(how, join(exact, new byte[1]));
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(Status.parseFrom(answer.body()).getMessage()).contains("67108864");
        }
        assertEachOnce(1_000);
    }

    @Test
    void spansOfOneScope_ofManyScopes_andOfManyResources_areAllThere() throws IOException {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        int next = 0;
        for (int[] shape : new int[][] {{1, 1, 20_000}, {1, 200, 100}, {2_000, 1, 10}}) {
            for (int r = 0; r < shape[0]; r++) {
                ResourceSpans.Builder part =
                        request.addResourceSpansBuilder().setResource(resource("service-" + r % 3));
                for (int s = 0; s < shape[1]; s++) {
                    part.addScopeSpans(scope(next, next + shape[2]));
                    next += shape[2];
                }
            }
        }
        assertThat(post("announced", request.build().toByteArray()).statusCode())
                .isEqualTo(200);
        assertEachOnce(60_000);
        assertThat(fixture.log.countBySeries().entrySet().stream()
                        .filter(series -> series.getKey().toString().contains("service-2"))
                        .mapToInt(Map.Entry::getValue)
                        .sum())
                .isEqualTo(666 * 10);
    }

    @Test
    void logsAndMetrics_likewise() {
        ScopeLogs.Builder logs = ScopeLogs.newBuilder();
        ScopeMetrics.Builder metrics = ScopeMetrics.newBuilder();
        for (int i = 0; i < 20_000; i++) {
            logs.addLogRecords(LogRecord.newBuilder()
                    .setTimeUnixNano(Otlp.nanos(-i % 1_000))
                    .setEventName("order.placed")
                    .setBody(AnyValue.newBuilder().setStringValue(PADDING)));
            metrics.addMetrics(Metric.newBuilder()
                    .setName("queue.length")
                    .setDescription(PADDING)
                    .setGauge(Gauge.newBuilder()
                            .addDataPoints(NumberDataPoint.newBuilder()
                                    .setTimeUnixNano(Otlp.nanos(-i % 1_000))
                                    .setAsInt(i))));
        }
        byte[] allLogs = ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder()
                        .setResource(resource("checkout"))
                        .addScopeLogs(logs))
                .build()
                .toByteArray();
        byte[] allMetrics = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(resource("checkout"))
                        .addScopeMetrics(metrics))
                .build()
                .toByteArray();
        assertThat(allLogs.length).isGreaterThan(4 * MIB);
        assertThat(allMetrics.length).isGreaterThan(4 * MIB);
        assertThat(fixture.postProtobuf("/v1/logs", allLogs).statusCode()).isEqualTo(200);
        assertThat(fixture.postProtobuf("/v1/metrics", allMetrics).statusCode()).isEqualTo(200);
        assertThat(fixture.log.events()).isEqualTo(40_000);
        assertThat(fixture.metric("accepted", Signal.LOGS.label())).isEqualTo(20_000);
        assertThat(fixture.metric("accepted", Signal.METRICS.label())).isEqualTo(20_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void json_likewise(boolean gzip) throws IOException {
        byte[] body = OtlpJson.of(ExportTraceServiceRequest.parseFrom(traces(0, 20_000)));
        assertThat(body.length).isGreaterThan(8 * MIB);
        HttpRequest.Builder request = fixture.request("/v1/traces")
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json");
        if (gzip) {
            request.header("Content-Encoding", "gzip");
        }
        HttpResponse<byte[]> answer =
                fixture.send(request.POST(BodyPublishers.ofByteArray(gzip ? Fixture.gzip(body) : body))
                        .build());
        assertThat(answer.statusCode()).as(Fixture.text(answer)).isEqualTo(200);
        assertEachOnce(20_000);
        byte[] broken = Arrays.copyOf(body, body.length - 2);
        assertThat(fixture.post("/v1/traces", "application/json", broken).statusCode())
                .isEqualTo(400);
        assertEachOnce(20_000);
    }

    @Test
    void malformedAtItsEnd_leavesNothingBehind() throws IOException {
        byte[] body = traces(0, 30_000);
        HttpResponse<byte[]> answer = post("announced", Arrays.copyOf(body, body.length - 1));
        assertThat(answer.statusCode()).isEqualTo(400);
        // Well-formed but for the last of all spans, which begins with a field of an unknown type.
        byte[] broken = body.clone();
        int id = new String(broken, StandardCharsets.ISO_8859_1)
                .lastIndexOf(new String(HexFormat.of().parseHex(Otlp.TRACE), StandardCharsets.ISO_8859_1));
        broken[id - 2] = 15;
        assertThat(post("announced", broken).statusCode()).isEqualTo(400);
        assertThat(fixture.metric("received")).isZero();
        assertThat(fixture.metric("accepted")).isZero();
        assertThat(post("announced", body).statusCode()).isEqualTo(200);
        assertEachOnce(30_000);
    }

    @Test
    void sentAgain_isKnown() throws IOException {
        byte[] body = traces(0, 30_000);
        for (String how : List.of("announced", "chunked", "gzip")) {
            assertThat(post(how, body).statusCode()).isEqualTo(200);
        }
        assertEachOnce(30_000);
        assertThat(fixture.metric("duplicate_requests")).isEqualTo(2);
    }

    /** A part of it is durable when the disk fails; the answer is a retryable one, and the retry brings the rest. */
    @Test
    void diskThatFailsOnTheWay_costsNothing_andCountsNothingTwice() throws IOException {
        byte[] body = join(traces(0, 60_000), malformedSpan());
        fixture.disk.failAfter(6);
        assertThat(post("announced", body).statusCode()).isEqualTo(503);
        double before = fixture.metric("delivered") + fixture.metric("spooled");
        assertThat(before).isBetween(1_000.0, 59_000.0);
        fixture.disk.fail(false);
        // A spool whose disk failed tries again a little later.
        HttpResponse<byte[]> answer = await().until(() -> post("announced", body), sent -> sent.statusCode() == 200);
        assertThat(ExportTraceServiceResponse.parseFrom(answer.body())
                        .getPartialSuccess()
                        .getRejectedSpans())
                .isEqualTo(1);
        assertEachOnce(60_000);
        assertThat(filesLeft()).isEmpty();
    }

    @Test
    void clientThatGoesAway_leavesNothing() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.sidecar.httpPort())) {
            socket.getOutputStream()
                    .write(("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                                    + "Content-Length: 50000000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[5 * MIB]);
        }
        await().untilAsserted(() ->
                assertThat(fixture.metric("requests", "connection_lost")).isEqualTo(1));
        assertThat(filesLeft()).isEmpty();
        assertThat(post("announced", traces(0, 30_000)).statusCode()).isEqualTo(200);
    }

    @Test
    void fileOfAnEarlierProcess_isRemovedAtTheStart() throws IOException {
        Path spool = Fixture.newSpool();
        Files.createFile(spool.resolve("body-1.tmp"));
        try (Fixture restarted = new Fixture(SETTINGS.withSpool(SpoolSettings.in(spool)))) {
            assertThat(restarted.spool.resolve("body-1.tmp")).doesNotExist();
        }
    }

    private HttpResponse<byte[]> post(String how, byte[] body) {
        HttpRequest.Builder request = fixture.request("/v1/traces")
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/x-protobuf");
        HttpRequest.BodyPublisher bytes = switch (how) {
            case "chunked" -> BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
            case "gzip" -> BodyPublishers.ofByteArray(Fixture.gzip(body));
            default -> BodyPublishers.ofByteArray(body);
        };
        if (how.equals("gzip")) {
            request.header("Content-Encoding", "gzip");
        }
        return fixture.send(request.POST(bytes).build());
    }

    private void assertEachOnce(int spans) {
        List<Long> durations = new ArrayList<>();
        for (Rows rows : fixture.log.rows()) {
            for (long duration : (long[]) rows.columns()[0]) {
                durations.add(duration);
            }
        }
        assertThat(durations).hasSize(spans);
        Set<Long> different = new HashSet<>(durations);
        assertThat(different).hasSize(spans);
    }

    private List<Path> filesLeft() throws IOException {
        try (Stream<Path> files = Files.list(fixture.spool)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).toList();
        }
    }

    private static byte[] traces(int from, int to) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource("checkout"))
                        .addScopeSpans(scope(from, to)))
                .build()
                .toByteArray();
    }

    private static ScopeSpans.Builder scope(int from, int to) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = from; i < to; i++) {
            scope.addSpans(span().setStartTimeUnixNano(Otlp.nanos(-100) - 1 - i)
                    .addAttributes(attribute("url.query", PADDING + i)));
        }
        return scope;
    }

    /** A span that is no event: it has no id. */
    private static byte[] malformedSpan() {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span().setTraceId(ByteString.EMPTY))))
                .build()
                .toByteArray();
    }

    private static byte[] unknownField(int length) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        1_000,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[length]))
                                .build())
                .build()
                .toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
