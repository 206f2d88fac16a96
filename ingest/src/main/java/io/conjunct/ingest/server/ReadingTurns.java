// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whose gRPC messages are read at the moment. A message is kept until it is whole; so a call whose message has begun to
 * come has to wait for its turn until all of it fits within a budget. Turns go by order of arrival, and a connection
 * waits with as many calls as it may have, so that a busy one cannot starve a quiet one. What a turn is counted for falls
 * to what has come when no more comes; while others wait, whoever takes longer than {@value #LONGEST_TURN_MILLIS} ms is
 * told to come again, as is who has waited {@value #LONGEST_WAIT_MILLIS} ms. A message that goes on when it was given up
 * counts again; whether there is memory for it is the business of {@link Bytes}. Thread-safe.
 */
final class ReadingTurns extends ServerStreamTracer.Factory {
    static final Context.Key<Turn> TURN = Context.key("turn");

    static final int LONGEST_WAIT_MILLIS = 3_000;
    static final int LONGEST_TURN_MILLIS = 2_000;

    /** A message of a client that sends at once is there in a few of these. */
    private static final int LOOK_MILLIS = 25;

    /** Until something comes of what was waited for, and until more does. */
    private static final int BEGINS_MILLIS = 100;

    private static final int GOES_ON_MILLIS = 500;

    private final long budget;
    private final ScheduledExecutorService timer;
    private final Set<Turn> granted = new LinkedHashSet<>();
    private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
    private final ThreadLocal<@Nullable Turn> made = new ThreadLocal<>();
    private long counted;
    private boolean looking;

    /**
     * Nobody has a turn at first.
     *
     * @param budget bytes of messages that are expected at a time
     */
    ReadingTurns(long budget, ScheduledExecutorService timer) {
        this.budget = budget;
        this.timer = timer;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        Turn turn = new Turn();
        made.set(turn);
        return turn;
    }

    /** The turn of the call that this thread has begun; null when it has begun none. */
    @Nullable
    Turn made() {
        Turn turn = made.get();
        made.remove();
        return turn;
    }

    /** Lets the rest of a message come and runs what reads it, now or later. */
    interface Window {
        void widen(Runnable read);
    }

    private static boolean isPast(long nanos, int millis) {
        return System.nanoTime() - nanos > TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Bytes that are counted for turns now. */
    synchronized long counted() {
        return counted;
    }

    /** Starts those who can start; to be run outside of any lock. */
    private List<Runnable> next() {
        List<Runnable> starts = new ArrayList<>();
        synchronized (this) {
            while (!waiting.isEmpty() && (counted == 0 || counted + waiting.element().expected <= budget)) {
                Turn turn = waiting.remove();
                starts.add(turn.grant());
            }
            if (!waiting.isEmpty() && !looking) {
                looking = true;
                timer.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        return starts;
    }

    private void run(List<Runnable> starts) {
        starts.forEach(Runnable::run);
    }

    /** While some wait: takes back what was expected and did not come, and gives up who takes or waits too long. */
    private void look() {
        List<Runnable> givenUp = new ArrayList<>();
        synchronized (this) {
            looking = false;
            for (Turn turn : granted) {
                if (turn.isStalled()) {
                    turn.count(turn.come);
                }
                if (turn.own > 0 && turn.isOlder(LONGEST_TURN_MILLIS)) {
                    givenUp.add(turn.refusal("others wait to be read, and the request did not arrive in time"));
                }
            }
            Iterator<Turn> each = waiting.iterator();
            while (each.hasNext()) {
                Turn turn = each.next();
                if (turn.isOlder(LONGEST_WAIT_MILLIS)) {
                    each.remove();
                    givenUp.add(turn.refusal("too many requests are being read"));
                }
            }
        }
        run(givenUp);
        run(next());
    }

    /** One call's. What it counts for is given back when its message was worked on, or it ended. */
    final class Turn extends ServerStreamTracer {
        private @Nullable Window window;
        private @Nullable Runnable read;
        private @Nullable Refusal refuse;
        private long expected;
        private long begun;
        private long sinceNanos;
        private long cameNanos;
        private long come;
        private long own;
        private boolean refused;
        private boolean ended;
        private @Nullable Sender sender;
        private @Nullable ArrivingMessage message;

        /** How a call is told to come again. */
        interface Refusal {
            void because(String why);
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(TURN, this);
        }

        /** Whose call it is; null when it was refused by its headers. */
        @Nullable
        Sender sender() {
            return sender;
        }

        /** What is going to come. Once per call, before anything does. */
        void of(ArrivingMessage arriving) {
            message = arriving;
        }

        /** What has come, or is going to. */
        @Nullable
        ArrivingMessage message() {
            return message;
        }

        /**
         * Runs one of these when the message has begun to come, now or later. Once per call.
         *
         * @param from whose call it is
         */
        void await(Sender from, Runnable whenGranted, Refusal whenRefused) {
            synchronized (ReadingTurns.this) {
                sender = from;
                read = whenGranted;
                refuse = whenRefused;
                queue();
            }
            run(next());
        }

        /**
         * The message has begun to come. Once per call.
         *
         * @param length bytes it says it has
         * @param here bytes that have come
         */
        void begins(long length, long here, Window how) {
            synchronized (ReadingTurns.this) {
                expected = Math.min(length, budget);
                begun = here;
                window = how;
                queue();
            }
            run(next());
        }

        private void queue() {
            if (read != null && window != null && !ended) {
                sinceNanos = System.nanoTime();
                waiting.add(this);
            }
        }

        private Runnable grant() {
            sinceNanos = System.nanoTime();
            granted.add(this);
            count(expected);
            Window how = Objects.requireNonNull(window, "window");
            Runnable what = Objects.requireNonNull(read, "read");
            return () -> how.widen(what);
        }

        private void count(long bytes) {
            counted += bytes - own;
            own = bytes;
        }

        private boolean isOlder(int millis) {
            return isPast(sinceNanos, millis);
        }

        private boolean isStalled() {
            return come <= begun ? isPast(sinceNanos, BEGINS_MILLIS) : isPast(cameNanos, GOES_ON_MILLIS);
        }

        /** Tells it to come again. */
        void refuse(String why) {
            Runnable refusal;
            synchronized (ReadingTurns.this) {
                refusal = refusal(why);
            }
            refusal.run();
        }

        private Runnable refusal(String why) {
            if (refused || refuse == null) {
                return () -> {};
            }
            refused = true;
            Refusal told = refuse;
            return () -> timer.execute(() -> told.because(why));
        }

        /** So much more of it has come. */
        void came(long bytes) {
            synchronized (ReadingTurns.this) {
                come += bytes;
                cameNanos = System.nanoTime();
                if (granted.contains(this) && come > own) {
                    count(come);
                }
            }
        }

        /** Its message was worked on. */
        void done() {
            synchronized (ReadingTurns.this) {
                come = 0;
                granted.remove(this);
                count(0);
            }
            run(next());
        }

        @Override
        public void streamClosed(Status status) {
            synchronized (ReadingTurns.this) {
                ended = true;
                waiting.remove(this);
                granted.remove(this);
                count(0);
            }
            run(next());
        }
    }
}
