// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import io.conjunct.ingest.spool.FaultPoint.Moment;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.DecoderException;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.LastHttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpLineException;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP connection: a request, its answer, the next request. A client that is slow costs a buffer and no thread; a
 * request that takes longer to arrive than the door's patience is given up. Lives on its event loop; only decoding runs
 * elsewhere.
 */
final class HttpConversation extends ChannelInboundHandlerAdapter {
    private static final int PAUSE_MILLIS = 10;

    private final HttpDoor door;
    private final HttpWork work;
    private Phase phase = Phase.HEAD;
    private @Nullable Future<?> deadline;
    private HttpQuestion question = HttpQuestion.NONE;
    private @Nullable ArrivingBody body;
    private boolean lost;
    private @Nullable Reply refusal;
    private long discarded;
    private boolean lingers;

    HttpConversation(HttpDoor door) {
        this.door = door;
        this.work = new HttpWork(door);
    }

    private enum Phase {
        HEAD,
        BODY,
        /** What came of the body is on its way to a file. */
        SPILL,
        DISCARD,
        ANSWER,
        LINGER
    }

    /** Bytes came in, perhaps the first ones of a request. */
    void heard(ChannelHandlerContext context) {
        if (phase == Phase.HEAD && deadline == null) {
            limitTime(context);
        }
    }

    private void limitTime(ChannelHandlerContext context) {
        unlimitTime();
        deadline = context.executor()
                .schedule(() -> tooSlow(context), door.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void unlimitTime() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void tooSlow(ChannelHandlerContext context) {
        door.metrics().connectionClosed("http", "slow");
        if (phase == Phase.BODY || phase == Phase.DISCARD) {
            question = question.last();
            answer(context, Reply.failed(Outcome.UNAVAILABLE, "the request did not arrive in time"));
        } else {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!context.channel().isActive()) {
            // What was left of a head when its client went away: nobody waits for an answer.
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            if (message instanceof HttpRequest request) {
                begin(context, request);
            }
            if (message instanceof HttpContent content) {
                go(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        door.underWay().incrementAndGet();
        limitTime(context);
        discarded = 0;
        body = null;
        if (request.decoderResult().isFailure()) {
            question = HttpQuestion.NONE;
            answer(context, badHead(request.decoderResult().cause()));
            return;
        }
        question = HttpQuestion.of(request, context.channel().remoteAddress(), door.access());
        Reply problem = problem(request);
        refusal = problem;
        boolean asks = HttpUtil.is100ContinueExpected(request);
        if (problem != null && asks) {
            question = question.last();
            answer(context, problem);
        } else if (problem != null) {
            phase = Phase.DISCARD;
        } else {
            phase = Phase.BODY;
            body = new ArrivingBody(
                    question.sender(), door.bytes(), door.files(), HttpUtil.getContentLength(request, -1L));
            if (asks) {
                context.writeAndFlush(new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
            }
        }
    }

    private @Nullable Reply problem(HttpRequest request) {
        if (question.problem() != null) {
            return question.problem();
        }
        if (door.draining().get()) {
            return closing();
        }
        return HttpUtil.getContentLength(request, -1L) > door.files().longest() ? work.tooLong() : null;
    }

    private static Reply badHead(Throwable cause) {
        return cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException
                ? Reply.failed(Outcome.HEADERS_TOO_LARGE, "the request line or the headers are too long")
                : Reply.failed(Outcome.MALFORMED, "this is not an HTTP request");
    }

    private void go(ChannelHandlerContext context, HttpContent content) {
        if (phase == Phase.LINGER && content instanceof LastHttpContent) {
            context.close();
        }
        if (phase == Phase.ANSWER || phase == Phase.LINGER) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            question = question.last();
            answer(context, Reply.failed(Outcome.MALFORMED, "the body is not chunked as its headers say"));
            return;
        }
        if (phase == Phase.BODY && body != null) {
            try {
                body.append(content.content());
                if (body.isFull() && !(content instanceof LastHttpContent)) {
                    spill(context, body);
                }
            } catch (TooLongException e) {
                discard(work.tooLong());
            } catch (NoRoomException e) {
                discard(work.noRoom());
            }
        }
        if (phase == Phase.DISCARD) {
            discarded += content.content().readableBytes();
        }
        if (content instanceof LastHttpContent && phase == Phase.BODY && body != null) {
            submit(context, body);
        } else if (refusal != null
                && (content instanceof LastHttpContent
                        || discarded > door.files().longest())) {
            lingers = !(content instanceof LastHttpContent);
            question = lingers ? question.last() : question;
            answer(context, refusal);
        }
    }

    private void discard(Reply reply) {
        refusal = reply;
        phase = Phase.DISCARD;
        if (body != null) {
            body.release();
        }
    }

    /** The client waits while what it sent is written, and then has all the time again. */
    private void spill(ChannelHandlerContext context, ArrivingBody full) {
        phase = Phase.SPILL;
        unlimitTime();
        context.channel().config().setAutoRead(false);
        try {
            door.requests().execute(() -> {
                Reply problem = work.spill(full);
                context.executor().execute(() -> goOn(context, problem));
            });
        } catch (RejectedExecutionException e) {
            answer(context, closing());
        }
    }

    private void goOn(ChannelHandlerContext context, @Nullable Reply problem) {
        phase = Phase.BODY;
        if (lost) {
            lose();
            return;
        }
        limitTime(context);
        if (problem != null) {
            discard(problem);
        }
        context.channel().config().setAutoRead(true);
    }

    private static Reply closing() {
        return Reply.failed(Outcome.UNAVAILABLE, "the sidecar is closing");
    }

    private void submit(ChannelHandlerContext context, ArrivingBody full) {
        phase = Phase.ANSWER;
        body = null;
        unlimitTime();
        context.channel().config().setAutoRead(false);
        HttpQuestion asked = question;
        try {
            door.requests().execute(() -> {
                CompletableFuture<Reply> answer = work.process(asked, full);
                var unused = answer.thenAcceptAsync(reply -> acknowledge(context, reply), door.responses());
            });
        } catch (RejectedExecutionException e) {
            full.release();
            answer(context, closing());
        }
    }

    private void acknowledge(ChannelHandlerContext context, Reply reply) {
        door.faults().pass(Moment.BEFORE_OTLP_ACKED);
        context.executor().execute(() -> answer(context, reply));
    }

    private void answer(ChannelHandlerContext context, Reply reply) {
        phase = Phase.ANSWER;
        refusal = null;
        if (body != null) {
            body.release();
            body = null;
        }
        context.channel().config().setAutoRead(false);
        limitTime(context);
        door.metrics()
                .answered(question.kind(), question.door(), reply.outcome().label());
        boolean keepAlive = question.keepAlive() && !door.draining().get();
        FullHttpResponse response = question.answer(reply, keepAlive);
        context.writeAndFlush(response).addListener(written -> {
            door.underWay().decrementAndGet();
            unlimitTime();
            if (lingers && written.isSuccess()) {
                linger(context);
            } else if (!keepAlive || !written.isSuccess()) {
                context.close();
            } else {
                phase = Phase.HEAD;
                context.channel().config().setAutoRead(true);
            }
            door.faults().pass(Moment.AFTER_OTLP_ACKED);
        });
    }

    /** A client that is still sending would see a reset instead of its answer, so what it sends is dropped for a while. */
    private void linger(ChannelHandlerContext context) {
        phase = Phase.LINGER;
        lingers = false;
        limitTime(context);
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        unlimitTime();
        lost = true;
        if (phase == Phase.BODY || phase == Phase.DISCARD) {
            lose();
        }
    }

    private void lose() {
        phase = Phase.ANSWER;
        door.metrics().answered(question.kind(), question.door(), "connection_lost");
        door.underWay().decrementAndGet();
        if (body != null) {
            body.release();
            body = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof ReadBuffers.FullException) {
            pause(context, cause);
        } else if (isBroken(cause)) {
            context.close();
        } else {
            fail(context, cause);
        }
    }

    /** Nobody is left to answer, or it was never TLS that came: no fault of ours. */
    private static boolean isBroken(Throwable cause) {
        return cause instanceof IOException
                || (cause instanceof DecoderException && cause.getCause() instanceof IOException);
    }

    /** There is no room to read into: the client's own buffers fill and it waits, no longer than a slow one may take. */
    private void pause(ChannelHandlerContext context, Throwable cause) {
        door.metrics().readingPaused("http");
        door.quiet().warn("reading paused", "HTTP connections are not read for a moment: " + cause.getMessage());
        context.channel().config().setAutoRead(false);
        context.executor()
                .schedule(
                        () -> {
                            if (phase != Phase.ANSWER && phase != Phase.SPILL) {
                                context.channel().config().setAutoRead(true);
                            }
                        },
                        PAUSE_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (phase == Phase.LINGER) {
            // It was said already, and answered.
            context.close();
            return;
        }
        String reason = cause instanceof OutOfMemoryError ? "memory" : "error";
        door.metrics().connectionClosed("http", reason);
        door.quiet().warn(reason, "an HTTP connection cannot go on", cause);
        if (phase == Phase.BODY || phase == Phase.DISCARD) {
            question = question.last();
            lingers = true;
            answer(context, Reply.failed(Outcome.UNAVAILABLE, "internal error"));
        } else if (phase != Phase.ANSWER) {
            context.close();
        }
    }
}
