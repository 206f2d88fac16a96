// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.logs;
import static io.conjunct.ingest.Otlp.metrics;
import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import io.conjunct.ingest.otlp.Signal;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP/gRPC by its specification, checks C5 to C19, through real sockets. */
class GrpcConformanceTest {
    private final Fixture fixture = new Fixture();
    private final ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", fixture.sidecar.grpcPort())
            .usePlaintext()
            .build();

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        fixture.close();
    }

    @Test
    void c5_threeServices_acceptExports() {
        traceStub().export(traces(span()));
        LogsServiceGrpc.newBlockingStub(channel)
                .export(logs(LogRecord.newBuilder().setEventName("e").setTimeUnixNano(Otlp.nanos(-1))));
        MetricsServiceGrpc.newBlockingStub(channel).export(metrics(gauge()));
        assertThat(fixture.log.events()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void c6_c7_messageOverTheLimitBeforeOrAfterGunzip_isResourceExhaustedWithoutRetryInfo(String compression) {
        var large = traces(span().setName("x".repeat(300 * 1024)));
        StatusRuntimeException failure =
                failure(() -> traceStub().withCompression(compression).export(large));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(retryInfo(failure)).isNull();
        assertThat(traceStub().export(traces(span()))).isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
    }

    @Test
    void c9_concurrentCalls_areAllAnswered() throws Exception {
        var stub = TraceServiceGrpc.newFutureStub(channel);
        List<com.google.common.util.concurrent.ListenableFuture<ExportTraceServiceResponse>> answers =
                new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(stub.export(traces(span())));
        }
        for (var answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS).hasPartialSuccess()).isFalse();
        }
        assertThat(fixture.log.events()).isEqualTo(50);
    }

    @Test
    void c15_c17_diskThatFails_isUnavailableWithRetryInfo() {
        fixture.disk.fail(true);
        StatusRuntimeException failure = failure(() -> traceStub().export(traces(span())));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        RetryInfo retry = retryInfo(failure);
        assertThat(retry).isNotNull();
        assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(1);
    }

    @Test
    void c16_garbage_isInvalidArgument() {
        StatusRuntimeException failure = failure(() -> rawExport(new byte[] {10, 100, 1}));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void c18_clientThatGivesUp_doesNotHarmTheNext() {
        fixture.disk.hold(true);
        var given = TraceServiceGrpc.newFutureStub(channel).export(traces(span()));
        await().untilAsserted(() -> assertThat(fixture.metric("accepted")).isEqualTo(1));
        given.cancel(true);
        fixture.disk.hold(false);
        traceStub().export(traces(span()));
        assertThat(fixture.log.events()).isEqualTo(2);
    }

    @Test
    void c18_defectOfOurs_isUnavailable_neverUnknown() {
        fixture.defect = true;
        StatusRuntimeException failure = failure(() -> traceStub().export(traces(span())));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        fixture.defect = false;
        traceStub().export(traces(span()));
        assertThat(fixture.log.events()).isEqualTo(1);
    }

    @Test
    void c8_response_staysFarBelow4MiB() {
        Span.Builder[] spans = new Span.Builder[1_010];
        for (int i = 0; i < spans.length; i++) {
            spans[i] = span();
            for (char key = 'a'; key < 'h'; key++) {
                spans[i].addAttributes(Otlp.attribute(String.valueOf(key).repeat(120), "v" + i));
            }
        }
        try (Fixture large =
                new Fixture(Fixture.settings().withLimits(Duration.ofSeconds(10), 4 << 20, 4 << 20, 8 << 20))) {
            Door.Answer answer = Door.GRPC.export(large, Signal.TRACES, traces(spans));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.partial()).isTrue();
            assertThat(answer.message().length()).isBetween(100, 1_000);
        }
    }

    /** Pings every 10 s without calls are what grpc-java refuses unless told otherwise. */
    @Test
    @Tag("soak")
    void c19_keepAlivePings_areAllowed() throws InterruptedException {
        ManagedChannel pinging = NettyChannelBuilder.forAddress("127.0.0.1", fixture.sidecar.grpcPort())
                .usePlaintext()
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .build();
        TraceServiceGrpc.newBlockingStub(pinging).export(traces(span()));
        CountDownLatch left = new CountDownLatch(1);
        pinging.notifyWhenStateChanged(ConnectivityState.READY, left::countDown);
        assertThat(left.await(45, TimeUnit.SECONDS)).isFalse();
        assertThat(pinging.getState(false)).isEqualTo(ConnectivityState.READY);
        pinging.shutdownNow();
    }

    @Test
    void unknownService_isUnimplemented() {
        StatusRuntimeException failure = failure(() -> call("nothing.Here/Export", new byte[0]));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    private static Metric.Builder gauge() {
        return Metric.newBuilder()
                .setName("depth")
                .setGauge(Gauge.newBuilder()
                        .addDataPoints(NumberDataPoint.newBuilder()
                                .setTimeUnixNano(Otlp.nanos(-1))
                                .setAsInt(7)));
    }

    private TraceServiceGrpc.TraceServiceBlockingStub traceStub() {
        return TraceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    private byte[] rawExport(byte[] message) {
        return call("opentelemetry.proto.collector.trace.v1.TraceService/Export", message);
    }

    private byte[] call(String method, byte[] message) {
        MethodDescriptor.Marshaller<byte[]> raw = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return stream.readAllBytes();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
        var descriptor = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .setRequestMarshaller(raw)
                .setResponseMarshaller(raw)
                .build();
        return ClientCalls.blockingUnaryCall(channel, descriptor, CallOptions.DEFAULT, message);
    }

    private static StatusRuntimeException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static @org.jspecify.annotations.Nullable RetryInfo retryInfo(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return null;
        }
        for (com.google.protobuf.Any detail : status.getDetailsList()) {
            if (detail.is(RetryInfo.class)) {
                try {
                    return detail.unpack(RetryInfo.class);
                } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return null;
    }
}
