// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.server.ReadingTurns.Turn;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Gives calls their turn to be read, takes their messages over, and gives up those whose request does not arrive in time:
 * a client without a deadline would hold its call for ever.
 */
final class ArrivingCalls implements ServerInterceptor {
    private final ScheduledExecutorService timer;
    private final Duration patience;
    private final IngestMetrics metrics;
    private final Bytes bytes;

    ArrivingCalls(ScheduledExecutorService timer, Duration patience, IngestMetrics metrics, Bytes bytes) {
        this.timer = timer;
        this.patience = patience;
        this.metrics = metrics;
        this.bytes = bytes;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Turn turn = Objects.requireNonNull(ReadingTurns.TURN.get(), "turn");
        Sender sender = Objects.requireNonNull(OtlpGrpcServer.SENDER.get(), "sender");
        Arrival arrival = new Arrival(call);
        return new Listener<>(
                next.startCall(new Waiting<>(call, arrival, turn, sender), headers), arrival, turn, sender);
    }

    /** Whether a call is answered by its handler or by us: by one of them. */
    private final class Arrival {
        private final ServerCall<?, ?> call;
        private final AtomicBoolean decided = new AtomicBoolean();
        private final ScheduledFuture<?> deadline;

        Arrival(ServerCall<?, ?> call) {
            this.call = call;
            deadline = timer.schedule(this::tooSlow, patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void tooSlow() {
            if (!decided.get()) {
                metrics.connectionClosed(OtlpGrpcServer.TRANSPORT, "slow");
                refuse("the request did not arrive in time");
            }
        }

        void refuse(String why) {
            if (decided.compareAndSet(false, true)) {
                deadline.cancel(false);
                OtlpGrpcServer.refuse(call, Reply.failed(Outcome.UNAVAILABLE, why), metrics);
            }
        }

        boolean arrived() {
            deadline.cancel(false);
            return decided.compareAndSet(false, true);
        }

        void ended() {
            deadline.cancel(false);
        }
    }

    /** A call that asks for its message when it is its turn. */
    private static final class Waiting<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final Arrival arrival;
        private final Turn turn;
        private final Sender sender;
        private boolean asked;

        Waiting(ServerCall<Q, R> call, Arrival arrival, Turn turn, Sender sender) {
            super(call);
            this.arrival = arrival;
            this.turn = turn;
            this.sender = sender;
        }

        @Override
        public void request(int messages) {
            if (asked) {
                super.request(messages);
                return;
            }
            asked = true;
            turn.await(sender, () -> delegate().request(messages), arrival::refuse);
        }
    }

    /** Takes the message, and holds it until the call ends. */
    private final class Listener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Arrival arrival;
        private final Turn turn;
        private final Sender sender;
        private RequestMarshaller.@Nullable Request request;

        Listener(ServerCall.Listener<Q> next, Arrival arrival, Turn turn, Sender sender) {
            super(next);
            this.arrival = arrival;
            this.turn = turn;
            this.sender = sender;
        }

        @Override
        public void onMessage(Q message) {
            if (request == null && message instanceof RequestMarshaller.Request arrived) {
                request = arrived;
                arrived.take(turn.message(), sender, bytes);
            }
            super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            try {
                if (arrival.arrived()) {
                    super.onHalfClose();
                }
            } finally {
                // Not before: the next long message would come while this one is still in memory.
                turn.done();
            }
        }

        @Override
        public void onCancel() {
            done();
            super.onCancel();
        }

        @Override
        public void onComplete() {
            done();
            super.onComplete();
        }

        private void done() {
            arrival.ended();
            if (request != null) {
                request.release();
            }
        }
    }
}
