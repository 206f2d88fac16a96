// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.otlp.Signal;
import io.grpc.Codec;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.DecompressorRegistry;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.TrustManager;

/**
 * OTLP/gRPC: one unary method per signal. Limits: a message of the configured length before and after decompression, four
 * calls at a time and connection, and {@link ReadingTurns}, since a message is held until it is whole.
 */
public final class OtlpGrpcServer implements AutoCloseable {
    static final String TRANSPORT = "grpc";
    private static final int CALLS_PER_CONNECTION = 4;

    /** Bytes of a call that may have come before it is its turn to be read: a frame, as most clients send them. */
    static final int FLOW_WINDOW = 16 * 1024;

    /** Of messages that are being read; one alone may be as long as it may be. */
    private static final int MESSAGES = 2 * 1024 * 1024;

    private static final int HEADER_BYTES = 8 * 1024;
    private static final int IDLE_MINUTES = 10;

    /** Streams a client may reset in ten seconds before its connection is closed. */
    private static final int RESETS = 200;

    private static final int MOST_CONNECTIONS = 1_024;

    static final Context.Key<Sender> SENDER = Context.key("sender");
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

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
    private final Access access;
    private final Server server;

    /**
     * @param buffers what connections are read into
     * @param requests runs decoding
     * @param responses runs what follows the sync of the spool
     * @param patience how long a request may take to arrive
     */
    public OtlpGrpcServer(
            String host,
            int port,
            int maxMessageBytes,
            Intake intake,
            IngestMetrics metrics,
            EventLoopGroup loops,
            ByteBufAllocator buffers,
            Executor requests,
            Executor responses,
            Access access,
            Bytes bytes,
            Optional<PemFiles> tls,
            java.time.Duration patience) {
        this.intake = intake;
        this.metrics = metrics;
        this.responses = responses;
        int longest = (int) Math.min(maxMessageBytes, bytes.longest());
        this.marshaller = new RequestMarshaller(longest);
        this.access = access;
        CallExecutor calls = new CallExecutor(requests);
        ReadingTurns turns = new ReadingTurns(MESSAGES, loops);
        GrpcDoor door = new GrpcDoor(calls, turns, bytes, longest, metrics, new QuietLog(OtlpGrpcServer.class));
        ArrivingCalls arriving = new ArrivingCalls(loops, patience, metrics, bytes);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(host, port), credentials(tls))
                .maxInboundMessageSize(longest)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .flowControlWindow(FLOW_WINDOW)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxInboundMetadataSize(HEADER_BYTES)
                .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
                .maxRstFramesPerWindow(RESETS, 10)
                .withChildOption(ChannelOption.ALLOCATOR, buffers)
                .channelFactory(
                        new Connections(
                                TRANSPORT,
                                MOST_CONNECTIONS,
                                metrics,
                                connection -> GrpcConnection.welcome(connection, door))::newServerChannel)
                .addStreamTracerFactory(turns)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .handshakeTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .intercept(arriving)
                .intercept(new Doorman())
                .decompressorRegistry(DecompressorRegistry.emptyInstance()
                        .with(new GrpcGzip(), true)
                        .with(Codec.Identity.NONE, false))
                .executor(calls);
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

    private static ServerCredentials credentials(Optional<PemFiles> tls) {
        if (tls.isEmpty()) {
            return InsecureServerCredentials.create();
        }
        try {
            TlsServerCredentials.Builder builder =
                    TlsServerCredentials.newBuilder().keyManager(tls.get().keyManagers());
            TrustManager[] trusted = tls.get().trustManagers();
            if (trusted != null) {
                builder.trustManager(trusted).clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (IOException e) {
            throw new UncheckedIOException("the TLS files cannot be read: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the TLS files cannot be used: " + e.getMessage(), e);
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
        Optional<Reply> problem = request.problem();
        if (problem.isPresent()) {
            answer(signal, problem.get(), observer);
            return;
        }
        Bytes.Body body = request.body();
        try {
            var unused = intake.accept(signal, false, TRANSPORT, body, SENDER.get())
                    .thenAcceptAsync(reply -> answer(signal, reply, observer), responses);
        } finally {
            body.release();
        }
    }

    private void answer(Signal signal, Reply reply, StreamObserver<byte[]> observer) {
        metrics.answered(signal.label(), TRANSPORT, reply.outcome().label());
        if (reply.outcome() == Outcome.OK) {
            observer.onNext(reply.responseProtobuf());
            observer.onCompleted();
            return;
        }
        observer.onError(failure(reply));
    }

    private static StatusRuntimeException failure(Reply reply) {
        Status.Builder status = reply.status().toBuilder();
        if (reply.outcome().isRetryable()) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setSeconds(reply.retrySeconds()))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /** Refuses by the headers, before a message is read. */
    private final class Doorman implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            Sender sender =
                    access.sender(headers.get(HEADER), call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            Optional<Reply> refused = sender == null
                    ? Optional.of(Reply.failed(Outcome.UNAUTHENTICATED, "a bearer token is needed that is known here"))
                    : access.refusal(sender);
            if (sender != null && refused.isEmpty()) {
                return Contexts.interceptCall(Context.current().withValue(SENDER, sender), call, headers, next);
            }
            refuse(call, refused.orElseThrow(), metrics);
            return new ServerCall.Listener<>() {};
        }
    }

    /** Answers a call that no handler will see. */
    static void refuse(ServerCall<?, ?> call, Reply reply, IngestMetrics metrics) {
        metrics.answered(
                kind(call.getMethodDescriptor()), TRANSPORT, reply.outcome().label());
        StatusRuntimeException failure = failure(reply);
        Metadata trailers = failure.getTrailers();
        call.close(failure.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private static String kind(MethodDescriptor<?, ?> method) {
        for (Signal signal : Signal.values()) {
            if (signal.grpcService().equals(method.getServiceName())) {
                return signal.label();
            }
        }
        return "unknown";
    }
}
