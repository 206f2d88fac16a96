// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.ReadingTurns.Turn;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;

/**
 * A call's message on its way, and what its client may send of it: as much as the window of every call at first, and when
 * it has its turn, exactly the rest, at once. A client that sends more than the one message has no more than the first
 * window for it. For the event loop of its connection, unless it says otherwise.
 */
final class ArrivingMessage {
    /** A byte that says whether it is packed, and four of its length. */
    private static final int PREFIX = 5;

    /** How much of a window is left when it is renewed: almost all, or nothing. */
    private static final float AT_ONCE = 0.999f;

    private static final float AT_ITS_END = 1e-10f;

    private final ChannelHandlerContext context;
    private final Http2Stream stream;
    private final DefaultHttp2LocalFlowController flow;
    private final Turn turn;
    private final int longest;
    private final int window;
    private long come;
    private long length;
    private boolean asked;
    private boolean reading;
    private int more;

    /**
     * Of a call that has just begun.
     *
     * @param window bytes that a call may send before it has its turn
     * @param longest bytes of a message that is read at all
     */
    ArrivingMessage(
            ChannelHandlerContext context,
            Http2Stream stream,
            DefaultHttp2LocalFlowController flow,
            Turn turn,
            int window,
            int longest) {
        this.context = context;
        this.stream = stream;
        this.flow = flow;
        this.turn = turn;
        this.longest = longest;
        this.window = window;
    }

    /**
     * Looks at what is about to be read.
     *
     * @param last whether no more will come
     */
    void comes(ByteBuf data, boolean last) throws Http2Exception {
        int count = data.readableBytes();
        for (int i = 0; come + i < PREFIX && i < count; i++) {
            length = come + i == 0 ? 0 : length << Byte.SIZE | data.getUnsignedByte(data.readerIndex() + i);
        }
        come += count;
        if (!asked && (last || come >= Math.min(whole(), window))) {
            asked = true;
            reading = true;
            // What is too long is refused by its prefix.
            turn.begins(length > longest ? 0 : length, come, this::widen);
            reading = false;
        }
        if (more > 0 && come >= whole()) {
            flow.incrementWindowSize(stream, -more);
            more = 0;
        }
    }

    private long whole() {
        return come < PREFIX ? PREFIX : PREFIX + length;
    }

    /** From any thread: lets the rest come, and then reads. */
    private void widen(Runnable read) {
        if (context.executor().inEventLoop() && reading) {
            // What is written while its connection is read is flushed after that.
            widenNow(read);
        } else {
            context.executor().execute(() -> {
                widenNow(read);
                context.flush();
            });
        }
    }

    private void widenNow(Runnable read) {
        if (length <= longest && stream.state() != Http2Stream.State.CLOSED) {
            try {
                // Larger than every call's, as long as the client has not heard of that.
                more = Math.max(0, (int) whole() - flow.initialWindowSize(stream));
                flow.windowUpdateRatio(stream, AT_ONCE);
                flow.incrementWindowSize(stream, more);
                flow.windowUpdateRatio(stream, AT_ITS_END);
            } catch (Http2Exception e) {
                context.fireExceptionCaught(e);
            }
        }
        read.run();
    }
}
