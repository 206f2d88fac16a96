// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.Bytes.Body;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import io.conjunct.ingest.server.ReadingTurns.Turn;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A call's message on its way, which goes past gRPC: that would keep it in pieces, and then want the room for it once
 * more. It is put together here, and gRPC is told of an empty one when it is there. Its client may send as much as the
 * window of every call at first, and when it has its turn, exactly the rest, at once; nothing that is sent beyond it opens
 * the window again. For the event loop of its connection, unless it says otherwise.
 */
final class ArrivingMessage {
    /** A byte that says whether it is packed, and four of its length. */
    private static final int PREFIX = 5;

    /** How much of a window is left when it is renewed: almost all. */
    private static final float AT_ONCE = 0.999f;

    private final ChannelHandlerContext context;
    private final Http2Stream stream;
    private final DefaultHttp2LocalFlowController flow;
    private final Turn turn;
    private final int window;
    private final int longest;
    private final Body body;
    private final AtomicReference<@Nullable Body> arrived = new AtomicReference<>();
    private byte packed;
    private long length;
    private long come;
    private boolean asked;
    private boolean granted;
    private boolean reading;
    private boolean dropped;
    private boolean overrun;

    /**
     * Of a call that has just begun.
     *
     * @param body where it goes
     * @param window bytes that a call may send before it has its turn
     * @param longest bytes of a message that is read at all
     */
    ArrivingMessage(
            ChannelHandlerContext context,
            Http2Stream stream,
            DefaultHttp2LocalFlowController flow,
            Turn turn,
            Body body,
            int window,
            int longest) {
        this.context = context;
        this.stream = stream;
        this.flow = flow;
        this.turn = turn;
        this.body = body;
        this.window = window;
        this.longest = longest;
    }

    /**
     * Takes over what has come.
     *
     * @param last whether no more will come
     * @return what gRPC has to hear instead; null when it should hear nothing, not even that it was the last
     */
    @Nullable
    ByteBuf comes(ByteBuf data, boolean last) throws Http2Exception {
        long before = come;
        readPrefix(data);
        int count = (int) Math.min(data.readableBytes(), whole() - come);
        come += count;
        turn.came(come - before);
        ask(last);
        if (isTooLong()) {
            // That is how gRPC knows it as well.
            return told(before < PREFIX ? prefix((int) length) : Unpooled.EMPTY_BUFFER, last);
        }
        keep(data, count);
        if (dropped) {
            return null;
        }
        if (come < whole()) {
            return told(last && come > 0 ? Unpooled.wrappedBuffer(new byte[1]) : Unpooled.EMPTY_BUFFER, last);
        }
        ByteBuf what = Unpooled.buffer(PREFIX + 1);
        if (before < whole()) {
            arrived.set(body);
            what.writeBytes(prefix(0));
        }
        if (data.isReadable() && !overrun) {
            // There is only one message in a call, which is for gRPC to say.
            overrun = true;
            what.writeByte(0);
        }
        return told(what, last);
    }

    private static @Nullable ByteBuf told(ByteBuf what, boolean last) {
        return last || what.isReadable() ? what : null;
    }

    private void readPrefix(ByteBuf data) {
        for (; come < PREFIX && data.isReadable(); come++) {
            int next = data.readUnsignedByte();
            if (come == 0) {
                packed = (byte) next;
            } else {
                length = length << Byte.SIZE | next;
            }
        }
    }

    private ByteBuf prefix(int lengthToTell) {
        return Unpooled.buffer(PREFIX).writeByte(packed).writeInt(lengthToTell);
    }

    private long whole() {
        return come < PREFIX ? PREFIX : PREFIX + length;
    }

    private boolean isTooLong() {
        return come >= PREFIX && length > longest;
    }

    private void ask(boolean last) {
        if (!asked && (last || come >= PREFIX)) {
            asked = true;
            reading = true;
            turn.begins(come < PREFIX || isTooLong() ? 0 : length, come, this::widen);
            reading = false;
        }
    }

    private void keep(ByteBuf data, int count) {
        if (dropped || count == 0) {
            return;
        }
        try {
            if (!granted) {
                body.expect(Math.min(length, window));
            }
            body.append(data.readSlice(count));
        } catch (NoRoomException | TooLongException e) {
            drop();
        }
    }

    private void drop() {
        dropped = true;
        body.release();
        turn.refuse("too many requests are being read");
    }

    /** From any thread: lets the rest come, and then reads. */
    private void widen(Runnable read) {
        if (context.executor().inEventLoop() && reading) {
            // What is written while its connection is read is flushed after that.
            grant(read);
        } else {
            context.executor().execute(() -> {
                grant(read);
                context.flush();
            });
        }
    }

    private void grant(Runnable read) {
        granted = true;
        body.announce(length);
        widen();
        read.run();
    }

    /** Lets the rest come, if it has its turn; to be told again when the window of every call has changed. */
    void widen() {
        if (!granted || isTooLong() || come >= whole() || stream.state() == Http2Stream.State.CLOSED) {
            return;
        }
        try {
            // Larger than every call's, as long as the client has not heard of that. Nothing is ever given back of a
            // call's window, so that it does not open by itself.
            int more = (int) whole() - flow.initialWindowSize(stream);
            if (more > 0) {
                flow.windowUpdateRatio(stream, AT_ONCE);
                flow.incrementWindowSize(stream, more);
            }
        } catch (Http2Exception e) {
            context.fireExceptionCaught(e);
        }
    }

    /** Its call has ended: nobody is going to take it any more. */
    void ends() {
        if (come < whole() || arrived.getAndSet(null) != null) {
            body.release();
        }
    }

    /** From any thread: hands it over, to be released by whoever takes it; null when its call has ended, or it is taken. */
    @Nullable
    Body take() {
        return arrived.getAndSet(null);
    }

    /** From any thread, of one that is there: whether it is packed. */
    boolean isPacked() {
        return packed != 0;
    }
}
