// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.otlp.Signal;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * OTLP/gRPC: one unary method per signal. Limits: a message of the configured length before and after decompression, four
 * calls at a time and connection, since gRPC holds a whole message in memory before we see it.
 */
public final class OtlpGrpcServer implements AutoCloseable {
    private static final String TRANSPORT = "grpc";
    private static final int CALLS_PER_CONNECTION = 4;
    private static final int FLOW_WINDOW = 256 * 1024;

    /** It would log a stack trace for every message over the limit; held here because loggers are held weakly. */
    private static final Logger STREAMS = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");

    /** It would log a stack trace for every client that speaks something else than HTTP/2, such as a port scan. */
    private static final Logger CONNECTIONS =
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport");

    static {
        STREAMS.setLevel(Level.SEVERE);
        CONNECTIONS.setLevel(Level.WARNING);
    }

    private final Intake intake;
    private final IngestMetrics metrics;
    private final Executor responses;
    private final RequestMarshaller marshaller;
    private final Server server;

    /**
     * @param requests runs decoding
     * @param responses runs what follows the sync of the spool
     */
    public OtlpGrpcServer(
            String host,
            int port,
            int maxMessageBytes,
            Intake intake,
            IngestMetrics metrics,
            Executor requests,
            Executor responses) {
        this.intake = intake;
        this.metrics = metrics;
        this.responses = responses;
        this.marshaller = new RequestMarshaller(maxMessageBytes);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
                .maxInboundMessageSize(maxMessageBytes)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .flowControlWindow(FLOW_WINDOW)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .executor(requests);
        for (Signal signal : Signal.values()) {
            builder.addService(service(signal));
        }
        this.server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "port " + port + " on " + host
                            + " cannot be opened for OTLP/gRPC; stop what listens there or choose"
                            + " another with --otlp-grpc-port",
                    e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Takes no new connections and calls; those under way go on. */
    public void drain() {
        server.shutdown();
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private ServerServiceDefinition service(Signal signal) {
        MethodDescriptor<RequestMarshaller.Request, byte[]> export =
                MethodDescriptor.<RequestMarshaller.Request, byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(signal.grpcService(), "Export"))
                        .setRequestMarshaller(marshaller)
                        .setResponseMarshaller(new ResponseMarshaller())
                        .build();
        return ServerServiceDefinition.builder(signal.grpcService())
                .addMethod(export, ServerCalls.asyncUnaryCall((request, observer) -> export(signal, request, observer)))
                .build();
    }

    private void export(Signal signal, RequestMarshaller.Request request, StreamObserver<byte[]> observer) {
        if (observer instanceof ServerCallStreamObserver<byte[]> call) {
            // Without a handler, answering a call that its client gave up would throw.
            call.setOnCancelHandler(() -> {});
        }
        byte[] body = request.body();
        if (body == null) {
            answer(signal, Reply.failed(request.outcome(), request.problem()), observer);
            return;
        }
        var unused = intake.accept(signal, false, TRANSPORT, body)
                .thenAcceptAsync(reply -> answer(signal, reply, observer), responses);
    }

    private void answer(Signal signal, Reply reply, StreamObserver<byte[]> observer) {
        metrics.answered(signal.label(), TRANSPORT, reply.outcome().label());
        if (reply.outcome() == Outcome.OK) {
            observer.onNext(reply.responseProtobuf());
            observer.onCompleted();
            return;
        }
        Status.Builder status = reply.status().toBuilder();
        if (reply.outcome() == Outcome.UNAVAILABLE) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setSeconds(reply.retrySeconds()))
                    .build()));
        }
        observer.onError(StatusProto.toStatusRuntimeException(status.build()));
    }
}
