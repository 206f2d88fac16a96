// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListener;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2LocalFlowController;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;

/**
 * How a gRPC connection is read. Calls have a window each, so that those which wait for their turn cannot take the one that
 * has its turn the air; gRPC would let all of them share one. What belongs to a message is copied out of the buffer it was
 * read into, which would live as long as the slowest message that has a piece in it. While there is no room to read into,
 * nothing is read: the client's own buffers fill and it waits.
 */
final class GrpcConnection extends ChannelInboundHandlerAdapter {
    private static final int PAUSE_MILLIS = 10;

    private final int window;
    private final ReadingTurns turns;
    private final IngestMetrics metrics;
    private final QuietLog quiet;
    private boolean known;

    /** @param window bytes that all calls of the connection may have sent and not been asked for */
    GrpcConnection(int window, ReadingTurns turns, IngestMetrics metrics, QuietLog quiet) {
        this.window = window;
        this.turns = turns;
        this.metrics = metrics;
        this.quiet = quiet;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Http2Exception {
        Http2ConnectionHandler http2 = known ? null : context.pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null) {
            known = true;
            Http2LocalFlowController flow = http2.connection().local().flowController();
            Http2Stream connection = http2.connection().connectionStream();
            flow.incrementWindowSize(connection, Math.max(0, window - flow.windowSize(connection)));
            http2.decoder().frameListener(new Copied(http2.decoder().frameListener()));
        }
        context.fireChannelRead(message);
    }

    private static final class Copied extends Http2FrameListenerDecorator {
        Copied(Http2FrameListener next) {
            super(next);
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean last)
                throws Http2Exception {
            ByteBuf copy = context.alloc().heapBuffer(data.readableBytes());
            try {
                copy.writeBytes(data);
                return super.onDataRead(context, stream, copy, padding, last);
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
