// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.ReadingTurns.Turn;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPipeline;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a gRPC connection is read. Each call may send its first bytes at once, and the rest when it has its turn: what it
 * says of its length is in them. The window of the whole connection holds nobody back. While there is no room to read into,
 * nothing is read: the client's own buffers fill and it waits.
 */
final class GrpcConnection extends ChannelInboundHandlerAdapter {
    /** It is refilled whatever becomes of the calls, so it bounds nothing; large, because to refill it is a write. */
    private static final int WINDOW = 1024 * 1024;

    private static final int PAUSE_MILLIS = 10;

    private final GrpcDoor door;
    private boolean known;

    private GrpcConnection(GrpcDoor door) {
        this.door = door;
    }

    /** Sees to a connection that comes. */
    static void welcome(Channel connection, GrpcDoor door) {
        connection.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            /** Only now it is known whether there is TLS, behind which one has to be in order to see anything. */
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ChannelPipeline pipeline = context.pipeline();
                ChannelHandlerContext tls = pipeline.context(SslHandler.class);
                pipeline.addAfter((tls == null ? context : tls).name(), null, new GrpcConnection(door));
                pipeline.remove(this);
                context.fireChannelRead(message);
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Http2Exception {
        Http2ConnectionHandler http2 = known ? null : context.pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null) {
            known = true;
            DefaultHttp2LocalFlowController flow =
                    (DefaultHttp2LocalFlowController) http2.connection().local().flowController();
            Http2Stream all = http2.connection().connectionStream();
            flow.incrementWindowSize(all, Math.max(0, WINDOW - flow.initialWindowSize(all)));
            Calls calls = new Calls(http2, flow);
            http2.connection().addListener(calls.ends());
            http2.decoder().frameListener(calls);
        }
        context.fireChannelRead(message);
    }

    private final class Calls extends Http2FrameListenerDecorator {
        private final Http2Connection connection;
        private final DefaultHttp2LocalFlowController flow;
        private final Http2Connection.PropertyKey arriving;

        Calls(Http2ConnectionHandler http2, DefaultHttp2LocalFlowController flow) {
            super(http2.decoder().frameListener());
            this.connection = http2.connection();
            this.flow = flow;
            this.arriving = connection.newKey();
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last)
                throws Http2Exception {
            Turn turn;
            door.calls().begin();
            try {
                super.onHeadersRead(context, id, headers, dependency, weight, exclusive, padding, last);
            } finally {
                door.calls().begun();
                turn = door.turns().made();
            }
            Http2Stream stream = connection.stream(id);
            if (turn != null && turn.sender() != null && stream != null) {
                ArrivingMessage message = new ArrivingMessage(
                        context,
                        stream,
                        flow,
                        turn,
                        door.bytes().begin(turn.sender()),
                        OtlpGrpcServer.FLOW_WINDOW,
                        door.longest());
                stream.setProperty(arriving, message);
                turn.of(message);
            }
        }

        /** Of what is read here nothing counts as used up: that would open the window of its call again. */
        @Override
        public int onDataRead(ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean last)
                throws Http2Exception {
            ArrivingMessage message = message(connection.stream(id));
            if (message == null) {
                // It was refused by its headers.
                return super.onDataRead(context, id, Unpooled.EMPTY_BUFFER, 0, last);
            }
            ByteBuf told = message.comes(data, last);
            return told == null ? 0 : super.onDataRead(context, id, told, 0, last);
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
            super.onSettingsAckRead(context);
            connection.forEachActiveStream(stream -> {
                ArrivingMessage message = message(stream);
                if (message != null) {
                    message.widen();
                }
                return true;
            });
        }

        private @Nullable ArrivingMessage message(@Nullable Http2Stream stream) {
            return stream == null ? null : stream.getProperty(arriving);
        }

        Http2ConnectionAdapter ends() {
            return new Http2ConnectionAdapter() {
                @Override
                public void onStreamClosed(Http2Stream stream) {
                    ArrivingMessage message = message(stream);
                    if (message != null) {
                        message.ends();
                    }
                }
            };
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof ReadBuffers.FullException)) {
            context.fireExceptionCaught(cause);
            return;
        }
        door.metrics().readingPaused(OtlpGrpcServer.TRANSPORT);
        door.quiet().warn("reading paused", "gRPC connections are not read for a moment: " + cause.getMessage());
        context.channel().config().setAutoRead(false);
        context.executor()
                .schedule(() -> context.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
