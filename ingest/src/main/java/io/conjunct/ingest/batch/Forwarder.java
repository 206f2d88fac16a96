// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import static java.util.Objects.requireNonNull;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.spool.FaultPoint;
import io.conjunct.ingest.spool.FaultPoint.Moment;
import io.conjunct.ingest.spool.Spool;
import io.conjunct.ingest.spool.Spool.Entry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries spooled batches to Kafka from a thread of its own, oldest first, and owns their retries. Nothing overtakes:
 * after a batch that failed none is sent before it is sent again, which is when no later one is under way, and a heartbeat
 * only when nothing is left to send.
 * A batch that Kafka refuses while it takes later ones would be taken for a duplicate by then, so it is dropped and
 * counted.
 *
 * <p>Bound: {@value #WINDOW_BYTES} bytes under way.
 */
final class Forwarder {
    private static final long WINDOW_BYTES = 2L * 1024 * 1024;
    private static final int WINDOW_BATCHES = 256;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final String AWAY = "Kafka has not answered for more than "
            + TimeUnit.NANOSECONDS.toSeconds(SLOW_NANOS) + " s; events wait in the spool";

    private final Spool spool;
    private final BatchLog log;
    private final IngestMetrics metrics;
    private final FaultPoint faults;
    private final Function<Boolean, Optional<byte[]>> heartbeats;
    private final long heartbeatNanos;
    private final DrainRate rate = new DrainRate();
    private final QuietLog quiet = new QuietLog(Forwarder.class);
    private final Thread thread = new Thread(this::run, "conjunct-ingest-forwarder");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final Deque<Parcel> underWay = new ArrayDeque<>();
    private boolean news;
    private long bytesUnderWay;
    private long lastSentNanos;
    private boolean sentOnce;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private volatile boolean leaving;
    private volatile boolean stopped;
    private volatile boolean gone;
    private volatile long waitingSinceNanos;
    private volatile boolean waiting;
    private boolean saidAway;
    private volatile String problem = "Kafka has not acknowledged a batch yet";

    /** @param heartbeats gives a batch without events, unless some are on their way; told whether it is the goodbye */
    Forwarder(
            Spool spool,
            BatchLog log,
            IngestMetrics metrics,
            FaultPoint faults,
            Duration heartbeat,
            Function<Boolean, Optional<byte[]>> heartbeats) {
        this.spool = spool;
        this.log = log;
        this.metrics = metrics;
        this.faults = faults;
        this.heartbeats = heartbeats;
        this.heartbeatNanos = heartbeat.toNanos();
        this.thread.setDaemon(true);
    }

    /** A batch between the spool and Kafka; {@code entry} is null for a heartbeat. */
    private static final class Parcel {
        final @Nullable Entry entry;
        final byte[] batch;
        boolean done;

        @Nullable
        Throwable failure;

        Parcel(@Nullable Entry entry, byte[] batch) {
            this.entry = entry;
            this.batch = batch;
        }
    }

    void start() {
        thread.start();
    }

    /** Why Kafka does not take batches at the moment; empty when it does. */
    Optional<String> notReady() {
        if (waiting && System.nanoTime() - waitingSinceNanos > SLOW_NANOS) {
            return Optional.of(AWAY);
        }
        String now = problem;
        return now.isEmpty() ? Optional.empty() : Optional.of(now);
    }

    /** How long until a full spool will have room again, as things go; 1 to 10 s. */
    Duration untilRoom() {
        return rate.timeFor(spool.segmentBytes());
    }

    /** Sends what is spooled and says goodbye, or gives up in time: what is left is sent after the next start. */
    void close(Duration patience) {
        leaving = true;
        long millis = Math.max(1, notReady().isPresent() ? Math.min(patience.toMillis(), 1_000) : patience.toMillis());
        try {
            thread.join(millis);
            stopped = true;
            spool.stopTaking();
            signal();
            log.close();
            thread.join(1_000);
        } catch (InterruptedException e) {
            stopped = true;
            log.close();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped && !gone) {
            try {
                step();
            } catch (IOException e) {
                quiet.warn("spool", "the spool cannot be read: " + e.getMessage());
                pause();
            } catch (RuntimeException e) {
                quiet.warn("internal error", "a batch could not be forwarded", e);
                pause();
            }
        }
    }

    private void step() throws IOException {
        settle();
        sayWhetherAway();
        metrics.oldestAge(spool.oldestAge());
        if (bytesUnderWay >= WINDOW_BYTES || underWay.size() >= WINDOW_BATCHES || hasFailed()) {
            awaitSettled(LOOK.toNanos());
            return;
        }
        Entry entry = spool.take(underWay.isEmpty() ? untilHeartbeat() : LOOK);
        if (entry != null) {
            forward(entry);
        } else if (underWay.isEmpty() && (leaving || isHeartbeatDue())) {
            boolean goodbye = leaving;
            Optional<byte[]> heartbeat = heartbeats.apply(goodbye);
            heartbeat.ifPresent(batch -> send(new Parcel(null, batch)));
            if (goodbye && heartbeat.isPresent()) {
                while (!underWay.isEmpty() && !stopped) {
                    awaitSettled(LOOK.toNanos());
                    settle();
                }
                gone = true;
            }
        }
    }

    /** What follows a batch that failed would overtake it. */
    private boolean hasFailed() {
        lock.lock();
        try {
            return underWay.stream().anyMatch(parcel -> parcel.failure != null);
        } finally {
            lock.unlock();
        }
    }

    /** One line when Kafka goes and one when it comes, however long it is away. */
    private void sayWhetherAway() {
        boolean away = waiting && System.nanoTime() - waitingSinceNanos > SLOW_NANOS;
        if (away != saidAway) {
            saidAway = away;
            quiet.warn(away ? "away" : "back", away ? AWAY : "Kafka takes batches again");
        }
    }

    private Duration untilHeartbeat() {
        long left = heartbeatNanos - (System.nanoTime() - lastSentNanos);
        return Duration.ofNanos(leaving || !sentOnce ? 1_000_000 : Math.max(1_000_000, Math.min(left, LOOK.toNanos())));
    }

    private boolean isHeartbeatDue() {
        return !sentOnce || System.nanoTime() - lastSentNanos >= heartbeatNanos;
    }

    private void forward(Entry entry) throws IOException {
        byte[] batch = entry.batch();
        if (batch == null) {
            metrics.damaged(entry.events());
            quiet.warn("damaged", "a spooled batch of " + entry.events() + " events is damaged and was left out");
            skip(entry);
        } else if (spool.isExpired(entry)) {
            metrics.dropped(entry.events(), "expired");
            skip(entry);
        } else {
            send(new Parcel(entry, batch));
        }
    }

    /** Delivered as far as the spool is concerned, but not before those ahead of it. */
    private void skip(Entry entry) throws IOException {
        while (!underWay.isEmpty() && !stopped) {
            awaitSettled(LOOK.toNanos());
            settle();
        }
        if (!stopped) {
            spool.delivered(entry);
        }
    }

    private void send(Parcel parcel) {
        lock.lock();
        try {
            if (!waiting) {
                waitingSinceNanos = System.nanoTime();
                waiting = true;
            }
            underWay.addLast(parcel);
            bytesUnderWay += parcel.batch.length;
        } finally {
            lock.unlock();
        }
        lastSentNanos = System.nanoTime();
        sentOnce = true;
        append(parcel);
    }

    private void append(Parcel parcel) {
        faults.pass(Moment.BEFORE_PRODUCED);
        CompletableFuture<Void> appended;
        try {
            appended = log.append(parcel.batch).toCompletableFuture();
        } catch (RuntimeException e) {
            appended = CompletableFuture.failedFuture(e);
        }
        var unused = appended.whenComplete((done, failure) -> {
            faults.pass(Moment.AFTER_PRODUCED);
            lock.lock();
            try {
                parcel.done = failure == null;
                parcel.failure = failure;
                news = true;
                settled.signalAll();
            } finally {
                lock.unlock();
            }
            spool.nudge();
        });
    }

    /** Gives the spool what Kafka has, in order, and sends again what failed. */
    private void settle() throws IOException {
        Entry last = null;
        Parcel failed = null;
        lock.lock();
        try {
            news = false;
            while (!underWay.isEmpty() && underWay.getFirst().done) {
                Parcel parcel = underWay.removeFirst();
                bytesUnderWay -= parcel.batch.length;
                last = parcel.entry == null ? last : parcel.entry;
                metrics.delivered(parcel.entry == null ? 0 : parcel.entry.events(), parcel.batch.length);
                rate.delivered(parcel.batch.length);
                waitingSinceNanos = System.nanoTime();
                pauseNanos = FIRST_PAUSE_NANOS;
                problem = "";
            }
            waiting = !underWay.isEmpty();
            if (waiting && underWay.stream().allMatch(parcel -> parcel.done || parcel.failure != null)) {
                failed = underWay.getFirst();
            }
        } finally {
            lock.unlock();
        }
        if (last != null) {
            spool.delivered(last);
        }
        if (failed != null) {
            retry(failed);
        }
    }

    private void retry(Parcel first) throws IOException {
        Throwable cause = requireNonNull(first.failure, "failure");
        problem = "Kafka did not take the last batch: " + cause.getClass().getSimpleName();
        quiet.warn("undelivered", "a batch did not reach Kafka: " + cause.getMessage());
        boolean overtaken = underWay.stream().anyMatch(parcel -> parcel.done);
        if (overtaken || first.entry == null || KafkaBatchLog.isTooLarge(cause)) {
            underWay.removeFirst();
            bytesUnderWay -= first.batch.length;
            waiting = !underWay.isEmpty();
            if (first.entry != null) {
                metrics.dropped(first.entry.events(), KafkaBatchLog.isTooLarge(cause) ? "too_large" : "refused");
                spool.delivered(first.entry);
            }
            return;
        }
        pause();
        log.recover(cause);
        Throwable again = null;
        for (Parcel parcel : underWay.toArray(Parcel[]::new)) {
            if (parcel.done || stopped) {
                continue;
            }
            lock.lock();
            try {
                parcel.failure = again;
            } finally {
                lock.unlock();
            }
            if (again == null) {
                append(parcel);
                again = failureOf(parcel);
            }
        }
    }

    private @Nullable Throwable failureOf(Parcel parcel) {
        lock.lock();
        try {
            return parcel.failure;
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        long until = System.nanoTime() + pauseNanos;
        pauseNanos = Math.min(pauseNanos * 2, LONGEST_PAUSE_NANOS);
        lock.lock();
        try {
            long left = until - System.nanoTime();
            while (!stopped && left > 0) {
                left = settled.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void awaitSettled(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!news && !stopped && left > 0) {
                left = settled.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
