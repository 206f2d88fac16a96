// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.spool.FaultPoint;
import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpDecoderConfig;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.flow.FlowControlHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/HTTP: the same three paths for protobuf and JSON, HTTP/1.0 and 1.1. Runs on the Netty that gRPC brings along, so
 * that a connection costs no thread; nobody waits for the disk, the answer is written when its events are durable.
 *
 * <p>Limits: a request line of {@value #LINE} and headers of {@value #HEADERS} bytes, {@value #CONNECTIONS} connections
 * ({@link Connections}), and a time in which a request has to arrive.
 */
public final class OtlpHttpServer implements AutoCloseable {
    private static final int BACKLOG = 256;
    private static final int LINE = 2_048;
    private static final int HEADERS = 8 * 1024;
    private static final int CONNECTIONS = 1_024;

    private final HttpDoor door;
    private final Channel channel;

    /**
     * Listens from now on.
     *
     * @param buffers what connections are read into
     * @param requests decodes
     * @param responses runs what follows the sync of the spool
     * @param patience how long a request may take to arrive, and its answer to be taken
     */
    public OtlpHttpServer(
            String host,
            int port,
            Bytes bytes,
            LargeBodies files,
            Intake intake,
            IngestMetrics metrics,
            EventLoopGroup loops,
            ByteBufAllocator buffers,
            Executor requests,
            Executor responses,
            FaultPoint faults,
            Access access,
            Optional<PemFiles> tls,
            Duration patience) {
        door = new HttpDoor(
                intake,
                access,
                bytes,
                files,
                metrics,
                faults,
                requests,
                responses,
                new AtomicBoolean(),
                new AtomicInteger(),
                patience,
                new QuietLog(OtlpHttpServer.class));
        SslContext ssl = tls.map(OtlpHttpServer::context).orElse(null);
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channelFactory(new Connections("http", CONNECTIONS, metrics, channel -> {})::newServerChannel)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, buffers)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        open(connection, ssl);
                    }
                })
                .bind(new InetSocketAddress(host, port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new UncheckedIOException(
                    "port " + port + " on " + host
                            + " cannot be opened for OTLP/HTTP; stop what listens there or choose"
                            + " another with --otlp-http-port",
                    new IOException(bound.cause()));
        }
        channel = bound.channel();
    }

    private void open(Channel connection, @Nullable SslContext ssl) {
        HttpConversation conversation = new HttpConversation(door);
        if (ssl != null) {
            connection.pipeline().addLast(ssl.newHandler(connection.alloc()));
        }
        connection
                .pipeline()
                .addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        conversation.heard(context);
                        context.fireChannelRead(message);
                    }
                })
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(LINE)
                        .setMaxHeaderSize(HEADERS)
                        .setMaxChunkSize(ArrivingBody.CHUNK)))
                .addLast(new FlowControlHandler())
                .addLast(conversation);
    }

    private static SslContext context(PemFiles files) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(files.keyManagers()[0])
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2");
            TrustManager[] trusted = files.trustManagers();
            if (trusted != null) {
                builder.trustManager(trusted[0]).clientAuth(ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (IOException e) {
            throw new UncheckedIOException("the TLS files cannot be read: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the TLS files cannot be used: " + e.getMessage(), e);
        }
    }

    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Refuses new requests with a retryable answer; those under way go on. */
    public void drain() {
        door.draining().set(true);
    }

    /** Whether no request is under way. */
    public boolean isIdle() {
        return door.underWay().get() == 0;
    }

    /** Takes no new connections; the open ones end with their event loops. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
