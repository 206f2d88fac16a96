// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Fixture.gzip;
import static io.conjunct.ingest.Fixture.text;
import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP/HTTP by its specification, checks C1 to C4 and C20 to C35, through real sockets. */
class HttpConformanceTest {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final byte[] ONE_SPAN = traces(span()).toByteArray();

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void c20_threePaths_acceptPost() {
        for (String path : List.of("/v1/traces", "/v1/logs", "/v1/metrics")) {
            assertThat(fixture.postProtobuf(path, new byte[0]).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-protobuf",
                "Application/X-Protobuf",
                "application/x-protobuf; charset=utf-8",
                "APPLICATION/X-PROTOBUF;a=b"
            })
    void c21_contentType_isCaseInsensitiveAndMayHaveParameters(String type) {
        HttpResponse<byte[]> response = fixture.post("/v1/traces", type, ONE_SPAN);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/JSON;charset=UTF-8"})
    void c21_contentTypeOfJson_isAnsweredInJson(String type) {
        HttpResponse<byte[]> response = fixture.post("/v1/traces", type, "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(text(response)).isEqualTo("{}");
    }

    @Test
    void c21_failure_isAnsweredInTheEncodingOfTheRequest() throws Exception {
        HttpResponse<byte[]> protobuf = fixture.postProtobuf("/v1/traces", new byte[] {1, 2, 3});
        assertThat(protobuf.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
        assertThat(Status.parseFrom(protobuf.body()).getMessage()).isNotEmpty();
        HttpResponse<byte[]> json = fixture.postJson("/v1/traces", "{");
        assertThat(json.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(text(json)).startsWith("{\"code\":3,\"message\":\"");
    }

    @Test
    void c23_bodyThatIsNotGzip_is400() throws Exception {
        HttpResponse<byte[]> response = postGzip(ONE_SPAN);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Status.parseFrom(response.body()).getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
    }

    @Test
    void c23_truncatedGzip_is400() {
        byte[] whole = gzip(ONE_SPAN);
        assertThat(postGzip(java.util.Arrays.copyOf(whole, whole.length - 12)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void c23_otherEncoding_is415() {
        HttpResponse<byte[]> response = fixture.send(fixture.request("/v1/traces")
                .header("Content-Type", PROTOBUF)
                .header("Content-Encoding", "zstd")
                .POST(BodyPublishers.ofByteArray(ONE_SPAN))
                .build());
        assertThat(response.statusCode()).isEqualTo(415);
    }

    @Test
    void c24_bodyOverTheLimit_is413() throws Exception {
        HttpResponse<byte[]> response = fixture.postProtobuf("/v1/traces", new byte[1024 * 1024 + 1]);
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(Status.parseFrom(response.body()).getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED_VALUE);
    }

    @Test
    void c24_bodyOverTheLimitAfterGunzip_is413() {
        byte[] bomb = gzip(new byte[8 * 1024 * 1024]);
        assertThat(bomb.length).isLessThan(16 * 1024);
        assertThat(postGzip(bomb).statusCode()).isEqualTo(413);
        assertThat(fixture.postProtobuf("/v1/traces", ONE_SPAN).statusCode()).isEqualTo(200);
    }

    @Test
    void c22_grpcOnTheHttpPort_isTurnedAwayCleanly() throws Exception {
        try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), fixture.sidecar.httpPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void c25_response_staysFarBelow4MiB() {
        String message = text(fixture.postJson("/v1/traces", "{\"resourceSpans\":\"" + "x".repeat(900_000) + "\"}"));
        assertThat(message).startsWith("{\"code\":3").hasSizeLessThan(1_100);
    }

    @Test
    void c26_success_isAnEmptyMessageOrAnEmptyObject() {
        HttpResponse<byte[]> response = fixture.postProtobuf("/v1/traces", ONE_SPAN);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void c12_c27_partialSuccess_is200WithTheRejectedCount() throws Exception {
        HttpResponse<byte[]> response = fixture.postProtobuf(
                "/v1/traces",
                traces(span(), span().setTraceId(ByteString.EMPTY), span().setSpanId(ByteString.copyFromUtf8("short")))
                        .toByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        var partial = ExportTraceServiceResponse.parseFrom(response.body()).getPartialSuccess();
        assertThat(partial.getRejectedSpans()).isEqualTo(2);
        assertThat(partial.getErrorMessage()).isEqualTo("2 rejected: trace id or span id is invalid");
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    @Test
    void c27_partialSuccessInJson_hasTheCountAsText() {
        String summary =
                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"s\",\"summary\":{\"dataPoints\":[{}]}}]}]}]}";
        HttpResponse<byte[]> response = fixture.postJson("/v1/metrics", summary);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response))
                .isEqualTo("{\"partialSuccess\":{\"rejectedDataPoints\":\"1\","
                        + "\"errorMessage\":\"1 rejected: summaries cannot be merged, send histograms\"}}");
    }

    @Test
    void c28_c29_garbage_is400AndNothingOfTheRequestIsKept() {
        byte[] good = ONE_SPAN;
        byte[] halfBad = java.util.Arrays.copyOf(good, good.length + 2);
        halfBad[good.length] = 10;
        halfBad[good.length + 1] = 99;
        assertThat(fixture.postProtobuf("/v1/traces", halfBad).statusCode()).isEqualTo(400);
        assertThat(fixture.postProtobuf("/v1/traces", "<html>".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
        assertThat(fixture.log.events()).isZero();
        assertThat(fixture.metric("received")).isZero();
    }

    @Test
    void c30_c31_diskThatFails_is503WithRetryAfter() throws Exception {
        fixture.disk.fail(true);
        HttpResponse<byte[]> response = fixture.postProtobuf("/v1/traces", ONE_SPAN);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(Status.parseFrom(response.body()).getCode()).isEqualTo(Code.UNAVAILABLE_VALUE);
        fixture.disk.fail(false);
        await().untilAsserted(() -> assertThat(
                        fixture.postProtobuf("/v1/traces", ONE_SPAN).statusCode())
                .isEqualTo(200));
    }

    @Test
    void c32_diskThatNeverAnswers_is503AfterTheTimeLimit() {
        SidecarSettings impatient =
                Fixture.settings().withLimits(Duration.ofSeconds(1), 1024 * 1024, 256 * 1024, 1024 * 1024);
        try (Fixture hurried = new Fixture(impatient)) {
            hurried.disk.hold(true);
            assertThat(hurried.postProtobuf("/v1/traces", ONE_SPAN).statusCode())
                    .isEqualTo(503);
            hurried.disk.hold(false);
        }
    }

    @Test
    void c33_parallelConnections_areAllServed() {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(fixture.client
                    .sendAsync(
                            fixture.request("/v1/traces")
                                    .header("Content-Type", PROTOBUF)
                                    .POST(BodyPublishers.ofByteArray(ONE_SPAN))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .thenApply(HttpResponse::statusCode));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
        assertThat(fixture.log.events()).isEqualTo(100);
    }

    @Test
    void c33_oneConnection_servesRequestAfterRequest() throws Exception {
        String head = "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: " + PROTOBUF + "\r\nContent-Length: "
                + ONE_SPAN.length + "\r\n\r\n";
        try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), fixture.sidecar.httpPort())) {
            socket.setSoTimeout(5_000);
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(ONE_SPAN);
                assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void c34_wrongMethod_is405WithAllow() {
        HttpResponse<byte[]> response =
                fixture.send(fixture.request("/v1/traces").GET().build());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST");
        assertThat(text(response)).contains("\"code\":12");
    }

    @Test
    void c32_defectOfOurs_isAnsweredAndRetryable() {
        fixture.defect = true;
        assertThat(fixture.postProtobuf("/v1/traces", ONE_SPAN).statusCode()).isEqualTo(503);
        fixture.defect = false;
        assertThat(fixture.postProtobuf("/v1/traces", ONE_SPAN).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-thrift", "application/jsonx"})
    void c34_unknownMediaType_is415(String type) {
        assertThat(fixture.post("/v1/traces", type, ONE_SPAN).statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1/trace", "/v1/traces/", "/v1/traces/x", "/v1/profiles"})
    void c34_unknownPath_is404(String path) {
        assertThat(fixture.postProtobuf(path, ONE_SPAN).statusCode()).isEqualTo(404);
    }

    @Test
    void c35_chunkedBodyWithoutLength_isAccepted() {
        HttpResponse<byte[]> response = fixture.send(fixture.request("/v1/traces")
                .header("Content-Type", PROTOBUF)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(ONE_SPAN)))
                .build());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    @Test
    void requestsAnswered_areCountedByOutcome() {
        fixture.postProtobuf("/v1/traces", ONE_SPAN);
        fixture.postProtobuf("/v1/traces", new byte[] {1});
        fixture.postProtobuf("/nowhere", ONE_SPAN);
        Map<String, Double> counts = Map.of(
                "ok", fixture.metric("requests", "span", "http_protobuf", "ok"),
                "malformed", fixture.metric("requests", "span", "http_protobuf", "malformed"),
                "unknown_path", fixture.metric("requests", "unknown", "http", "unknown_path"));
        assertThat(counts.values()).containsOnly(1.0);
    }

    private HttpResponse<byte[]> postGzip(byte[] body) {
        return fixture.send(fixture.request("/v1/traces")
                .header("Content-Type", PROTOBUF)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    private static String readHead(InputStream in) throws java.io.IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new java.io.EOFException(head.toString());
            }
            head.append((char) c);
        }
        return head.toString();
    }
}
