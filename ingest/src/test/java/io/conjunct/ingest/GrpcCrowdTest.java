// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More long messages at a time over gRPC than there is room for: they wait for one another and all of them are taken. */
class GrpcCrowdTest {
    private static final int MIB = 1024 * 1024;

    private final Fixture fixture = new Fixture(Fixture.settings()
            .withPatience(Duration.ofSeconds(30))
            .withLimits(Duration.ofSeconds(10), 4 * MIB, 4 * MIB, 4 * MIB));
    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        fixture.close();
    }

    @Test
    void sixtyFourMessagesAtATime_areAllTaken() throws Exception {
        List<ListenableFuture<ExportTraceServiceResponse>> answers = new ArrayList<>();
        ExportTraceServiceRequest request = request(9 * MIB / 10);
        for (int i = 0; i < 16; i++) {
            ManagedChannel channel = connect();
            for (int j = 0; j < 4; j++) {
                answers.add(TraceServiceGrpc.newFutureStub(channel).export(request));
            }
        }
        for (var answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS).hasPartialSuccess()).isFalse();
        }
        assertThat(fixture.log.events()).isEqualTo(64);
        assertThat(fixture.metric("reading_pauses")).isZero();
    }

    /** All but one of them wait for their turn, and what they have sent must not keep that one from going on. */
    @Test
    void messagesOfOneConnection_doNotTakeEachOtherTheAir() throws Exception {
        List<ListenableFuture<ExportTraceServiceResponse>> answers = new ArrayList<>();
        ManagedChannel channel = connect();
        // From now on its messages are known to be long.
        assertThat(TraceServiceGrpc.newBlockingStub(channel)
                        .export(request(3 * MIB))
                        .hasPartialSuccess())
                .isFalse();
        for (int i = 0; i < 12; i++) {
            answers.add(TraceServiceGrpc.newFutureStub(channel).export(request(3 * MIB)));
        }
        for (var answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS).hasPartialSuccess()).isFalse();
        }
    }

    @Test
    void messageThatStalls_isGivenUp_whenOthersWait() throws Exception {
        try (Stalled stalled = new Stalled(fixture.sidecar.grpcPort())) {
            // More than all messages may be together, so nobody else has a turn.
            stalled.send(5 * MIB / 2);
            assertThat(TraceServiceGrpc.newBlockingStub(connect())
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .export(traces(span()))
                            .hasPartialSuccess())
                    .isFalse();
            assertThat(fixture.metric("requests", "unavailable")).isEqualTo(1);
        }
    }

    @Test
    void messageThatHasItsTurn_isAskedForAtOnce() throws Exception {
        try (Stalled client = new Stalled(fixture.sidecar.grpcPort())) {
            client.send(5 * MIB / 2);
            assertThat(client.updates).containsExactly(Stalled.WHOLE - Stalled.WINDOW);
        }
    }

    private ManagedChannel connect() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", fixture.sidecar.grpcPort())
                .usePlaintext()
                .build();
        channels.add(channel);
        return channel;
    }

    private static ExportTraceServiceRequest request(int bytes) {
        return traces(span().addAttributes(Otlp.attribute("padding", "x".repeat(bytes))));
    }

    /** A client that keeps to the rules of HTTP/2 and stops within a message of 4 MiB. */
    private static final class Stalled implements AutoCloseable {
        private static final int DATA = 0;
        private static final int HEADERS = 1;
        private static final int SETTINGS = 4;
        private static final int WINDOW_UPDATE = 8;
        private static final int ACKNOWLEDGED = 1;
        private static final int FRAME = 16 * 1024;
        private static final int WINDOW = 32 * 1024;
        private static final int WHOLE = 5 + (0x3f << 16);

        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;
        private final List<Integer> updates = new ArrayList<>();
        private int streamWindow = WINDOW;
        private int connectionWindow = 65_535;

        Stalled(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(SETTINGS, 0, 0, new byte[0]);
            frame(SETTINGS, ACKNOWLEDGED, 0, new byte[0]);
            // POST and http by index, the rest spelled out without an index.
            String block = "\u0083\u0086" + literal("\u0004", "/" + TraceServiceGrpc.SERVICE_NAME + "/Export")
                    + literal("\u0001", "x") + literal("\u000f\u0010", "application/grpc")
                    + literal("\u0000\u0002te", "trailers");
            frame(HEADERS, 4, 1, block.getBytes(StandardCharsets.ISO_8859_1));
        }

        private static String literal(String name, String value) {
            return name + (char) value.length() + value;
        }

        void send(int bytes) throws IOException {
            byte[] content = new byte[FRAME];
            content[2] = 0x3f;
            for (int sent = 0; sent < bytes; sent += FRAME) {
                while (Math.min(streamWindow, connectionWindow) < FRAME) {
                    hear();
                }
                frame(DATA, 0, 1, content);
                content = new byte[FRAME];
                streamWindow -= FRAME;
                connectionWindow -= FRAME;
            }
        }

        private void hear() throws IOException {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.readByte();
            int stream = in.readInt();
            if (type != WINDOW_UPDATE) {
                in.skipNBytes(length);
            } else if (stream == 0) {
                connectionWindow += in.readInt();
            } else {
                updates.add(in.readInt());
                streamWindow += updates.get(updates.size() - 1);
            }
        }

        private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
            out.writeByte(0);
            out.writeShort(payload.length);
            out.writeByte(type);
            out.writeByte(flags);
            out.writeInt(stream);
            out.write(payload);
            out.flush();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
