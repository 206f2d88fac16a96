// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.server.ReadingTurns.Turn;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;

/**
 * How a gRPC connection is read. Each call may send its first bytes at once, and the rest when it has its turn: what it
 * says of its length is in them. The window of the whole connection holds nobody back. What belongs to a message is
 * copied out of the buffer it was read into, which would live as long as the slowest message that has a piece in it.
 * While there is no room to read into, nothing is read: the client's own buffers fill and it waits.
 */
final class GrpcConnection extends ChannelInboundHandlerAdapter {
    /** It is refilled whatever becomes of the calls, so it bounds nothing; large, because to refill it is a write. */
    private static final int WINDOW = 1024 * 1024;

    private static final int PAUSE_MILLIS = 10;

    private final int window;
    private final int longest;
    private final CallExecutor calls;
    private final ReadingTurns turns;
    private final IngestMetrics metrics;
    private final QuietLog quiet;
    private boolean known;

    /**
     * A new one.
     *
     * @param window bytes that a call may send before it has its turn
     * @param longest bytes of a message that is read at all
     * @param calls what runs the calls
     */
    GrpcConnection(
            int window, int longest, CallExecutor calls, ReadingTurns turns, IngestMetrics metrics, QuietLog quiet) {
        this.window = window;
        this.longest = longest;
        this.calls = calls;
        this.turns = turns;
        this.metrics = metrics;
        this.quiet = quiet;
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
            http2.decoder().frameListener(new Calls(http2, flow));
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
            calls.begin();
            try {
                super.onHeadersRead(context, id, headers, dependency, weight, exclusive, padding, last);
            } finally {
                calls.begun();
                turn = turns.made();
            }
            Http2Stream stream = connection.stream(id);
            if (turn != null && stream != null) {
                stream.setProperty(arriving, new ArrivingMessage(context, stream, flow, turn, window, longest));
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean last)
                throws Http2Exception {
            Http2Stream stream = connection.stream(id);
            ArrivingMessage message = stream == null ? null : stream.getProperty(arriving);
            if (message != null) {
                message.comes(data, last);
            }
            ByteBuf copy = context.alloc().heapBuffer(data.readableBytes());
            try {
                copy.writeBytes(data);
                return super.onDataRead(context, id, copy, padding, last);
            } finally {
                copy.release();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof ReadBuffers.FullException)) {
            context.fireExceptionCaught(cause);
            return;
        }
        turns.makeRoom();
        metrics.readingPaused(OtlpGrpcServer.TRANSPORT);
        quiet.warn("reading paused", "gRPC connections are not read for a moment: " + cause.getMessage());
        context.channel().config().setAutoRead(false);
        context.executor()
                .schedule(() -> context.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
