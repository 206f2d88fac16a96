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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More long messages at a time over gRPC than there is room for: they wait for one another and all of them are taken. */
class GrpcCrowdTest {
    private static final int MIB = 1024 * 1024;

    /** Of a long message with its prefix, and of what a call may send before its turn. */
    private static final int WHOLE = 4 * MIB;

    private static final int WINDOW = 16 * 1024;

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
        try (RawGrpcCall stalled = new RawGrpcCall(fixture.sidecar.grpcPort())) {
            // More than all messages may be together, so nobody else has a turn.
            stalled.send(RawGrpcCall.prefix(0, WHOLE - 5), false);
            stalled.send(new byte[5 * MIB / 2], false);
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
        try (RawGrpcCall client = new RawGrpcCall(fixture.sidecar.grpcPort())) {
            client.send(RawGrpcCall.prefix(0, WHOLE - 5), false);
            client.send(new byte[5 * MIB / 2], false);
            assertThat(client.updates()).containsExactly(WHOLE - WINDOW);
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
}
