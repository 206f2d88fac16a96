// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults F2 and F3: slow, greedy and deceitful clients, while a healthy one is served all along. */
class HostileClientsTest {
    private static final int MIB = 1024 * 1024;
    private static final byte[] REQUEST = traces(span()).toByteArray();

    /** Loopback has many addresses, so hostile clients can have one of their own. */
    private static final byte[] ELSEWHERE = {127, 0, 0, 2};

    private final Fixture fixture = new Fixture(Fixture.settings().withPatience(Duration.ofSeconds(2)));
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /v1/tra", "POST /v1/traces HTTP/1.1\r\nHost: x\r\nX-Slow: "})
    void slowHeaders_holdNoThread_andAreClosedInTime(String begun) throws IOException {
        for (int i = 0; i < 200; i++) {
            open(fixture.sidecar.httpPort()).getOutputStream().write(ascii(begun));
        }
        assertHealthy();
        await().untilAsserted(() ->
                assertThat(fixture.metric("connections_closed", "http", "slow")).isEqualTo(200));
        assertThat(sockets)
                .allSatisfy(socket -> assertThat(socket.getInputStream().read()).isNegative());
        assertHealthy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /v1/tra", "POST /v1/traces HTTP/1.1\r\nHost: x\r\nX-Slow: "})
    void clientsThatGoAwayWithinAHead_areForgotten(String begun) throws IOException {
        for (int i = 0; i < 20; i++) {
            open(fixture.sidecar.httpPort()).getOutputStream().write(ascii(begun));
        }
        await().untilAsserted(
                        () -> assertThat(fixture.metric("connections", "http")).isEqualTo(20));
        for (Socket socket : sockets) {
            socket.close();
        }
        await().untilAsserted(
                        () -> assertThat(fixture.metric("connections", "http")).isZero());
        assertThat(fixture.metric("connections_closed")).isZero();
        assertThat(fixture.metric("requests")).isZero();
    }

    @Test
    void slowBodies_holdNoThread_andAreToldToComeBack() throws IOException {
        for (int i = 0; i < 200; i++) {
            open(fixture.sidecar.httpPort())
                    .getOutputStream()
                    .write(ascii("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                            + "Content-Length: 1000000\r\n\r\nbegin"));
        }
        assertHealthy();
        for (Socket socket : sockets) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after: 1");
        }
        assertThat(fixture.metric("requests", "unavailable")).isEqualTo(200);
        assertHealthy();
    }

    @Test
    void slowCalls_areGivenUp() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", fixture.sidecar.grpcPort())
                .usePlaintext()
                .build();
        BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
        for (int i = 0; i < 4; i++) {
            var call = channel.newCall(TraceServiceGrpc.getExportMethod(), io.grpc.CallOptions.DEFAULT);
            call.start(
                    new io.grpc.ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, io.grpc.Metadata trailers) {
                            ends.add(status);
                        }
                    },
                    new io.grpc.Metadata());
            call.sendMessage(traces(span()));
        }
        assertHealthy();
        for (int i = 0; i < 4; i++) {
            Status end = ends.poll(20, TimeUnit.SECONDS);
            assertThat(end).isNotNull();
            assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        assertThat(fixture.metric("connections_closed", "grpc", "slow")).isEqualTo(4);
        assertThat(TraceServiceGrpc.newBlockingStub(channel)
                        .export(traces(span()))
                        .hasPartialSuccess())
                .isFalse();
        channel.shutdownNow();
    }

    @Test
    void connectionsBeyondTheBound_closeTheIdleOnesOfWhoHasMost() throws IOException {
        crowd(2_000);
    }

    @Test
    @Tag("soak")
    void tenThousandConnections_closeTheIdleOnesOfWhoHasMost() throws IOException {
        crowd(10_000);
    }

    private void crowd(int count) throws IOException {
        Socket healthy = new Socket(InetAddress.getLoopbackAddress(), fixture.sidecar.httpPort());
        sockets.add(healthy);
        assertThat(post(healthy)).startsWith("HTTP/1.1 200");
        for (int i = 0; i < count; i++) {
            open(fixture.sidecar.httpPort());
        }
        await().untilAsserted(() -> assertThat(fixture.metric("connections_closed", "http", "crowded"))
                .isEqualTo(count + 1 - 1_024));
        assertThat(post(healthy)).startsWith("HTTP/1.1 200");
        assertHealthy();
        await().untilAsserted(() -> assertThat(fixture.metric("connections")).isLessThanOrEqualTo(2 * 1_024));
    }

    @Test
    void headersBeyondTheLimit_areRefused() throws IOException {
        Socket one = open(fixture.sidecar.httpPort());
        one.getOutputStream().write(ascii("POST /v1/traces HTTP/1.1\r\nX-Bomb: " + "x".repeat(9_000)));
        assertThat(head(one)).startsWith("HTTP/1.1 431");
        Socket many = open(fixture.sidecar.httpPort());
        many.getOutputStream().write(ascii("POST /v1/traces HTTP/1.1\r\n" + "a: b\r\n".repeat(3_000)));
        assertThat(head(many)).startsWith("HTTP/1.1 431");
        Socket line = open(fixture.sidecar.httpPort());
        line.getOutputStream().write(ascii("POST /" + "x".repeat(3_000)));
        assertThat(head(line)).startsWith("HTTP/1.1 431");
        assertHealthy();
    }

    @Test
    void grpcHeadersBeyondTheLimit_areRefused() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", fixture.sidecar.grpcPort())
                .usePlaintext()
                .build();
        io.grpc.Metadata bomb = new io.grpc.Metadata();
        bomb.put(io.grpc.Metadata.Key.of("x-bomb", io.grpc.Metadata.ASCII_STRING_MARSHALLER), "x".repeat(20_000));
        assertThatThrownBy(() -> TraceServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(io.grpc.stub.MetadataUtils.newAttachHeadersInterceptor(bomb))
                        .export(traces(span())))
                .isInstanceOf(StatusRuntimeException.class);
        assertThat(TraceServiceGrpc.newBlockingStub(channel)
                        .export(traces(span()))
                        .hasPartialSuccess())
                .isFalse();
        channel.shutdownNow();
        assertHealthy();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n\r\n", "\0\1\2\3\4\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "x\r\n\r\n"})
    void whatIsNoRequest_isAnsweredOrClosed_neverAnException(String bytes) throws IOException {
        Socket socket = open(fixture.sidecar.httpPort());
        socket.getOutputStream().write(ascii(bytes));
        assertThat(head(socket)).startsWith("HTTP/1.1 4");
        assertHealthy();
    }

    @Test
    void chunksThatLie_areMalformed() throws IOException {
        Socket socket = open(fixture.sidecar.httpPort());
        socket.getOutputStream()
                .write(ascii("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"));
        assertThat(head(socket)).startsWith("HTTP/1.1 400");
        assertHealthy();
    }

    @Test
    void twentyThousandTinyChunks_areOneRequest() throws IOException {
        StringBuilder request = new StringBuilder("POST /v1/logs HTTP/1.1\r\nHost: x\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
        request.append("1\r\n \r\n".repeat(20_000)).append("1\r\n}\r\n0\r\n\r\n");
        Socket socket = open(fixture.sidecar.httpPort());
        socket.getOutputStream().write(ascii(request.toString()));
        assertThat(head(socket)).startsWith("HTTP/1.1 200");
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder() throws IOException {
        Socket socket = open(fixture.sidecar.httpPort());
        socket.getOutputStream()
                .write(ascii(("GET /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /no HTTP/1.1\r\nHost: x\r\n\r\n")
                        .repeat(50)));
        for (int i = 0; i < 50; i++) {
            assertThat(answer(socket)).startsWith("HTTP/1.1 405");
            assertThat(answer(socket)).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void rapidResets_closeTheirConnection_andNobodyElses() throws IOException {
        Socket socket = open(fixture.sidecar.grpcPort());
        ByteBuffer frames = ByteBuffer.allocate(2 * MIB);
        frames.put(ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        frame(frames, 0, 4, 0, 0);
        // An indexed ":method: POST" is enough of a header block to open a stream.
        for (int stream = 1; stream < 4_001; stream += 2) {
            frame(frames, 1, 1, 4, stream);
            frames.put((byte) 0x83);
            frame(frames, 4, 3, 0, stream);
            frames.putInt(8);
        }
        try {
            socket.getOutputStream().write(frames.array(), 0, frames.position());
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // Closed while we were still sending.
        }
        await().untilAsserted(
                        () -> assertThat(fixture.metric("connections", "grpc")).isZero());
        assertHealthy();
    }

    @Test
    void bombs_areTooLarge_andHoldNothing() {
        byte[] zeros = Fixture.gzip(new byte[64 * MIB]);
        byte[] nested = Fixture.gzip(zeros);
        byte[] half = Arrays.copyOf(zeros, zeros.length / 2);
        assertThat(postGzip(zeros).statusCode()).isEqualTo(413);
        // Unpacked once only: what is inside is no OTLP.
        assertThat(postGzip(nested).statusCode()).isEqualTo(400);
        assertThat(postGzip(half).statusCode()).isIn(400, 413);
        assertHealthy();
    }

    @Test
    void grpcBomb_isResourceExhausted() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", fixture.sidecar.grpcPort())
                .usePlaintext()
                .build();
        assertThatThrownBy(() -> TraceServiceGrpc.newBlockingStub(channel)
                        .withCompression("gzip")
                        .export(traces(span().setName("\0".repeat(32 * MIB)))))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        channel.shutdownNow();
        assertHealthy();
    }

    @Test
    void bodyOf64Mib_isTakenWhereTheHeapIsLargeEnough_andOneByteMoreIsNot() {
        try (Fixture roomy =
                new Fixture(Fixture.settings().withLimits(Duration.ofSeconds(10), 64 * MIB, MIB, 8 * MIB))) {
            // Spaces are nothing in JSON, so this is a long request with nothing in it.
            byte[] body = new byte[64 * MIB];
            Arrays.fill(body, (byte) ' ');
            body[0] = '{';
            body[body.length - 1] = '}';
            assertThat(roomy.post("/v1/traces", "application/json", body).statusCode())
                    .isEqualTo(200);
            assertThat(roomy.post("/v1/traces", "application/json", Arrays.copyOf(body, body.length + 1))
                            .statusCode())
                    .isEqualTo(413);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bodyFarBeyondTheLimit_isAnswered_notReset(boolean chunked) {
        byte[] body = new byte[32 * MIB];
        var publisher = chunked
                ? java.net.http.HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))
                : java.net.http.HttpRequest.BodyPublishers.ofByteArray(body);
        HttpResponse<byte[]> response = fixture.send(fixture.request("/v1/traces")
                .header("Content-Type", "application/x-protobuf")
                .POST(publisher)
                .build());
        assertThat(response.statusCode()).isEqualTo(413);
        assertHealthy();
    }

    /** A client of another address is served by both doors. */
    private void assertHealthy() {
        assertThat(fixture.postProtobuf("/v1/traces", REQUEST).statusCode()).isEqualTo(200);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", fixture.sidecar.grpcPort())
                .usePlaintext()
                .build();
        assertThat(TraceServiceGrpc.newBlockingStub(channel)
                        .export(traces(span()))
                        .hasPartialSuccess())
                .isFalse();
        channel.shutdownNow();
    }

    private HttpResponse<byte[]> postGzip(byte[] body) {
        return fixture.send(fixture.request("/v1/traces")
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "gzip")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private Socket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByAddress(ELSEWHERE), 0);
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private static String post(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(ascii("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                        + "Content-Length: 0\r\n\r\n"));
        return answer(socket);
    }

    /** A whole answer, head and body. */
    private static String answer(Socket socket) throws IOException {
        String head = head(socket);
        int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        int length = Integer.parseInt(
                head.substring(at + 16, head.indexOf("\r\n", at)).strip());
        return head + new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    private static String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as(head.toString()).isNotNegative();
            head.append((char) c);
        }
        return head.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void frame(ByteBuffer to, int length, int type, int flags, int stream) {
        to.put((byte) 0)
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream);
    }
}
