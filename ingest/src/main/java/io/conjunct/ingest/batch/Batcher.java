// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.SpareColumns;
import io.conjunct.ingest.batch.OpenBatch.ClosedBatch;
import io.conjunct.ingest.mapping.EventStage;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.spool.FaultPoint;
import io.conjunct.ingest.spool.Spool;
import io.conjunct.ingest.spool.SpoolFullException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the events of all requests into batches and spools them from one thread; a group of batches shares one sync of
 * the disk, and the requests whose events are in them are answered then. Another thread forwards them to Kafka; when
 * nothing is to be forwarded a heartbeat is, so that time goes on downstream.
 *
 * <p>The claim of a batch is made when it is closed: the receive clock minus the allowed lateness, never less than the
 * claim before. What arrives later and is older is sent as it is; the engine counts it late. A heartbeat is made only
 * while no event is on its way, so that its claim overtakes nothing.
 *
 * <p>Bound: {@link BatchLimits#maxInFlightBytes} between acceptance and disk.
 */
public final class Batcher {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final BatchLimits limits;
    private final InstantSource clock;
    private final IngestMetrics metrics;
    private final Spool spool;
    private final BatchWriter writer;
    private final Forwarder forwarder;
    private final String sidecar;
    private final long epoch;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<ClosedBatch> closed = new ArrayList<>();
    private final SpareColumns spare = new SpareColumns();
    private @Nullable OpenBatch open;
    private long waitingBytes;
    private int unsettled;
    private long lastClaim = Long.MIN_VALUE;
    private boolean closing;

    public Batcher(
            String sidecar,
            BatchLimits limits,
            Spool spool,
            BatchLog log,
            InstantSource clock,
            IngestMetrics metrics,
            FaultPoint faults) {
        this.sidecar = sidecar;
        this.epoch = spool.epoch();
        this.limits = limits;
        this.clock = clock;
        this.metrics = metrics;
        this.spool = spool;
        this.writer = new BatchWriter(spool, metrics);
        this.forwarder = new Forwarder(spool, log, metrics, faults, limits.heartbeat(), this::heartbeat);
        this.thread = new Thread(this::run, "conjunct-ingest-spooler");
        this.thread.setDaemon(true);
    }

    /** Spools from here on. */
    public void start() {
        thread.start();
    }

    /** Forwards from here on, once. */
    public void forward() {
        forwarder.start();
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
                throw new OverloadedException("the sidecar is closing", SOON);
            }
            checkRoom();
            if (waitingBytes + (open == null ? 0 : open.bytes()) >= limits.maxInFlightBytes()) {
                throw new OverloadedException("too much waits for the disk", SOON);
            }
            List<CompletableFuture<Void>> acknowledged = new ArrayList<>(1);
            int row = 0;
            while (row < stage.size()) {
                OpenBatch batch = open == null ? new OpenBatch(limits.tickMillis(), spare) : open;
                open = batch;
                row = batch.fill(stage, row);
                acknowledged.add(batch.acknowledged());
                if (batch.isFull()) {
                    closeOpen(batch);
                }
            }
            metrics.spooled(stage.size());
            changed.signal();
            return CompletableFuture.allOf(acknowledged.toArray(CompletableFuture<?>[]::new));
        } finally {
            lock.unlock();
        }
    }

    /** Refuses what would be refused anyway, before it costs anything. */
    public void checkRoom() throws OverloadedException {
        if (spool.isFull()) {
            throw new OverloadedException("the spool is full", forwarder.untilRoom());
        }
    }

    /** Why batches do not reach Kafka at the moment; empty when they do. */
    public Optional<String> notReady() {
        return spool.isFull() ? Optional.of("the spool is full") : forwarder.notReady();
    }

    /** Spools what is there and answers those who wait, then forwards what it can in time and says goodbye. */
    public void close(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        forwarder.close(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    }

    private void run() {
        while (true) {
            List<ClosedBatch> group = next();
            if (group.isEmpty()) {
                return;
            }
            writer.write(group).forEach(this::settle);
        }
    }

    /** Waits for the next batches to spool; none when the last one was. */
    private List<ClosedBatch> next() {
        lock.lock();
        try {
            while (true) {
                OpenBatch batch = open;
                long due = batch == null ? 0 : limits.flushInterval().toNanos() - batch.ageNanos(System.nanoTime());
                if (batch != null && (due <= 0 || closing)) {
                    closeOpen(batch);
                }
                if (!closed.isEmpty() || (closing && open == null)) {
                    List<ClosedBatch> group = closed;
                    closed = new ArrayList<>();
                    return group;
                }
                if (batch == null) {
                    changed.awaitUninterruptibly();
                } else {
                    changed.awaitNanos(due);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private long claim(long now) {
        lastClaim = Math.max(lastClaim, now - limits.allowedLateness().toMillis());
        return lastClaim;
    }

    private void closeOpen(OpenBatch batch) {
        long now = clock.millis();
        ClosedBatch done = batch.close(new Header(sidecar, epoch, 0, claim(now), now, false));
        waitingBytes += done.bytes();
        unsettled++;
        closed.add(done);
        open = null;
    }

    /** Empty while events are on their way to Kafka. */
    private Optional<byte[]> heartbeat(boolean goodbye) {
        lock.lock();
        try {
            if (open != null || unsettled > 0 || !spool.isDrained()) {
                return Optional.empty();
            }
            long now = clock.millis();
            return Optional.of(writer.heartbeat(new Header(sidecar, epoch, 0, claim(now), now, goodbye)));
        } finally {
            lock.unlock();
        }
    }

    private void settle(BatchWriter.Written written) {
        ClosedBatch batch = written.batch();
        Exception failure = written.failure();
        if (failure == null) {
            batch.acknowledged().complete(null);
        } else {
            metrics.dropped(batch.batch().events(), "not_spooled");
            boolean full = failure instanceof SpoolFullException;
            batch.acknowledged()
                    .completeExceptionally(new OverloadedException(
                            full ? "the spool is full" : "the spool cannot be written",
                            full ? forwarder.untilRoom() : SOON));
        }
        lock.lock();
        try {
            waitingBytes -= batch.bytes();
            unsettled--;
        } finally {
            lock.unlock();
        }
    }
}
