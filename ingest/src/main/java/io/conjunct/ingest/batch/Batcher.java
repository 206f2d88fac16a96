// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import io.conjunct.event.EventBatch.Header;
import io.conjunct.ingest.batch.OpenBatch.ClosedBatch;
import io.conjunct.ingest.mapping.EventStage;
import io.conjunct.ingest.metrics.IngestMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the events of all requests into batches and hands them, in order, to the log from one thread. A batch is closed
 * when it is full or old enough; when nothing is to be sent a heartbeat is, so that time goes on downstream.
 *
 * <p>The claim of a batch is made when it is closed: the receive clock minus the allowed lateness, never less than the
 * claim before. What arrives later and is older is sent as it is; the engine counts it late.
 *
 * <p>Bound: {@link BatchLimits#maxInFlightBytes} between acceptance and acknowledgement.
 */
public final class Batcher {
    private final BatchLimits limits;
    private final InstantSource clock;
    private final IngestMetrics metrics;
    private final BatchSender sender;
    private final String sidecar;
    private final long epoch;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<ClosedBatch> closed = new ArrayDeque<>();
    private @Nullable OpenBatch open;
    private int[] numbers = new int[64];
    private long waitingBytes;
    private int unacknowledged;
    private long lastClaim = Long.MIN_VALUE;
    private long lastSentNanos;
    private boolean sentOnce;
    private boolean closing;
    private boolean left;

    public Batcher(
            String sidecar, long epoch, BatchLimits limits, BatchLog log, InstantSource clock, IngestMetrics metrics) {
        this.sidecar = sidecar;
        this.epoch = epoch;
        this.limits = limits;
        this.clock = clock;
        this.metrics = metrics;
        this.sender = new BatchSender(log, metrics);
        this.thread = new Thread(this::run, "conjunct-ingest-sender");
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /**
     * Adds all events of a request, or none.
     *
     * @return completes when all of them are durable
     * @throws OverloadedException when too much waits already, or the sidecar is closing
     */
    public CompletableFuture<Void> append(EventStage stage) throws OverloadedException {
        lock.lock();
        try {
            if (closing) {
                throw new OverloadedException("the sidecar is closing");
            }
            if (waitingBytes + (open == null ? 0 : open.bytes()) >= limits.maxInFlightBytes()) {
                throw new OverloadedException("too much waits for Kafka");
            }
            if (numbers.length < stage.seriesCount()) {
                numbers = new int[stage.seriesCount() * 2];
            }
            List<CompletableFuture<Void>> acknowledged = new ArrayList<>(1);
            int row = 0;
            while (row < stage.size()) {
                OpenBatch batch = open == null ? new OpenBatch(limits.tickMillis()) : open;
                open = batch;
                row = batch.fill(stage, row, numbers);
                acknowledged.add(batch.acknowledged());
                if (batch.isFull()) {
                    closeOpen(batch, false);
                }
            }
            metrics.inFlight(stage.size());
            changed.signal();
            return CompletableFuture.allOf(acknowledged.toArray(CompletableFuture<?>[]::new));
        } finally {
            lock.unlock();
        }
    }

    /** Why batches do not reach the log at the moment; empty when they do. */
    public Optional<String> notReady() {
        return sender.notReady();
    }

    /** Sends what is there, says goodbye, and waits for the acknowledgements; what is not done by then is lost. */
    public void close(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            while (!(left && unacknowledged == 0) && thread.isAlive()) {
                long wait = deadline - System.nanoTime();
                if (wait <= 0) {
                    break;
                }
                changed.awaitNanos(wait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                ClosedBatch batch = next();
                if (batch == null) {
                    return;
                }
                var unused = sender.send(batch).whenComplete((done, failure) -> settled(batch, failure));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the next batch to send; null when the goodbye was sent. */
    private @Nullable ClosedBatch next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (left && closed.isEmpty()) {
                    return null;
                }
                long now = System.nanoTime();
                closeWhatIsDue(now);
                ClosedBatch batch = closed.poll();
                if (batch != null) {
                    lastSentNanos = now;
                    sentOnce = true;
                    return batch;
                }
                changed.await(untilDue(now), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void closeWhatIsDue(long now) {
        OpenBatch batch = open;
        if (closing) {
            if (!left) {
                left = true;
                closeOpen(batch == null ? new OpenBatch(limits.tickMillis()) : batch, true);
            }
        } else if (batch != null
                && batch.ageNanos(now) >= limits.flushInterval().toNanos()) {
            closeOpen(batch, false);
        } else if (batch == null && closed.isEmpty() && unacknowledged == 0 && isHeartbeatDue(now)) {
            closeOpen(new OpenBatch(limits.tickMillis()), false);
        }
    }

    private boolean isHeartbeatDue(long now) {
        return !sentOnce || now - lastSentNanos >= limits.heartbeat().toNanos();
    }

    private long untilDue(long now) {
        OpenBatch batch = open;
        if (batch != null) {
            return Math.max(1, limits.flushInterval().toNanos() - batch.ageNanos(now));
        }
        long heartbeat = limits.heartbeat().toNanos();
        return unacknowledged > 0 ? heartbeat : Math.max(1, heartbeat - (now - lastSentNanos));
    }

    private void closeOpen(OpenBatch batch, boolean leaving) {
        long now = clock.millis();
        lastClaim = Math.max(lastClaim, now - limits.allowedLateness().toMillis());
        ClosedBatch done = batch.close(new Header(sidecar, epoch, 0, lastClaim, now, leaving));
        waitingBytes += done.bytes();
        unacknowledged++;
        closed.add(done);
        open = null;
    }

    private void settled(ClosedBatch batch, @Nullable Throwable failure) {
        lock.lock();
        try {
            waitingBytes -= batch.bytes();
            unacknowledged--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        metrics.inFlight(-batch.batch().events());
        if (failure == null) {
            batch.acknowledged().complete(null);
        } else {
            batch.acknowledged().completeExceptionally(failure);
        }
    }
}
