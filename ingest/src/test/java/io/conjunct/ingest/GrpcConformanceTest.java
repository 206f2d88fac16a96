// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static io.conjunct.ingest.Otlp.logs;
import static io.conjunct.ingest.Otlp.metrics;
import static io.conjunct.ingest.Otlp.span;
import static io.conjunct.ingest.Otlp.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
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
    void c10_emptyRequest_succeeds() {
        assertThat(traceStub().export(ExportTraceServiceRequest.getDefaultInstance()))
                .isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
    }

    @Test
    void c11_c14_success_leavesPartialSuccessUnset() {
        assertThat(traceStub().withCompression("gzip").export(traces(span())).hasPartialSuccess())
                .isFalse();
    }

    @Test
    void c12_rejectedRecords_areCountedInPartialSuccess() {
        var answer = traceStub().export(traces(span(), span().setTraceId(ByteString.copyFrom(new byte[16]))));
        assertThat(answer.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
        assertThat(answer.getPartialSuccess().getErrorMessage()).contains("trace id");
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
        StatusRuntimeException failure = failure(
                () -> traceStub().withDeadlineAfter(100, TimeUnit.MILLISECONDS).export(traces(span())));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        fixture.disk.hold(false);
        traceStub().export(traces(span()));
        assertThat(fixture.log.events()).isEqualTo(2);
    }

    @Test
    void c51_summary_isRejectedInPartialSuccess() {
        var answer = MetricsServiceGrpc.newBlockingStub(channel)
                .export(metrics(
                        gauge(),
                        Metric.newBuilder()
                                .setName("s")
                                .setSummary(
                                        Summary.newBuilder().addDataPoints(SummaryDataPoint.getDefaultInstance()))));
        assertThat(answer.getPartialSuccess().getRejectedDataPoints()).isEqualTo(1);
        assertThat(fixture.log.events()).isEqualTo(1);
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
