// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One receiver with its queue and its thread, so that a slow one delays no other; {@link Outbox} makes each attempt. Takes at most {@value #CAPACITY}
 * deliveries; when it is full, the topic is not read on.
 */
final class Lane {
    static final int CAPACITY = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Duration REST = Duration.ofMinutes(1);

    private final String name;
    private final Receiver receiver;
    private final LaneQueue queue;
    private final Shared shared;
    private final SinkMetrics metrics;
    private final InstantSource clock;
    private final OncePerMinute logged;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean busy;
    private volatile boolean stopped;

    /** What all lanes of a sink share. */
    record Shared(
            Outbox outbox,
            Wording wording,
            Notices notices,
            DeadLetters deadLetters,
            SinkMetrics metrics,
            InstantSource clock) {}

    Lane(String name, Receiver receiver, int capacity, RandomGenerator random, Shared shared) {
        this.name = name;
        this.receiver = receiver;
        this.queue = new LaneQueue(capacity, random);
        this.shared = shared;
        metrics = shared.metrics();
        clock = shared.clock();
        this.logged = new OncePerMinute(clock);
        thread = new Thread(this::run, "conjunct-sink-" + name);
        thread.setDaemon(true);
    }

    String receiver() {
        return name;
    }

    void start() {
        thread.start();
    }

    boolean hasRoom() {
        return locked(queue::hasRoom);
    }

    int queued() {
        return locked(queue::size);
    }

    Optional<Instant> oldest() {
        return locked(queue::oldest);
    }

    /** Takes a delivery, in order; ask {@link #hasRoom} before. */
    void offer(Delivery delivery) {
        locked(() -> {
            queue.offer(delivery);
            changed.signalAll();
            return true;
        });
    }

    /** Drops what waits for partitions that are another's now. The one under way is not called back. */
    void forget(Collection<TopicPartition> taken) {
        int dropped = locked(() -> queue.forget(taken));
        metrics.handedOver(name, dropped);
    }

    /** Looks again at what waits. */
    void poke() {
        locked(() -> {
            changed.signalAll();
            return true;
        });
    }

    /** Whether nothing is under way and nothing is due within this time. */
    boolean isQuiet(Duration within) {
        return locked(() -> !busy
                && queue.idle(clock.instant())
                        .map(pause -> pause.compareTo(within) > 0)
                        .orElse(true));
    }

    /** Ends the thread, and cuts off the request under way. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!stopped) {
                if (!step().isZero()) {
                    rest();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} stopped", name);
        }
    }

    /** Until something is due: a retry, or what is offered meanwhile. */
    private void rest() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (Duration idle = idle(); !idle.isZero(); idle = idle()) {
                // At most a minute, by the monotonic clock, in case the other one is set.
                changed.awaitNanos(Math.min(idle.toNanos(), REST.toNanos()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long nothing is due; call it with the lock. */
    private Duration idle() {
        return queue.idle(clock.instant()).orElse(REST);
    }

    /**
     * Tries at most one delivery.
     *
     * @return zero to go on, or how long nothing is to be done unless something is offered
     */
    Duration step() throws InterruptedException {
        Optional<Delivery> due = locked(() -> {
            Optional<Delivery> next = queue.next(clock.instant());
            busy = next.isPresent();
            return next;
        });
        if (due.isEmpty()) {
            return locked(this::idle);
        }
        try {
            attempt(due.get());
        } finally {
            locked(() -> busy = false);
        }
        return Duration.ZERO;
    }

    private void attempt(Delivery delivery) throws InterruptedException {
        Optional<Stage> proof = shared.outbox().needless(name, delivery);
        if (proof.isPresent()) {
            end(delivery, () -> metrics.alreadyTold(name), proof.get() == Stage.TRIGGER_REFUSED);
            return;
        }
        if (delivery.isNeedless() || (standsIn(delivery) && !shared.outbox().began(name, delivery.alert()))) {
            end(delivery, () -> metrics.notNeeded(name), false);
            return;
        }
        Outcome outcome;
        try {
            Optional<Alert> resolve = delivery.isTrigger() ? locked(() -> queue.resolveOf(delivery)) : Optional.empty();
            outcome = shared.outbox()
                    .send(name, receiver, delivery, shared.wording().of(delivery.alert(), resolve));
        } catch (RuntimeException e) {
            // A fault of ours, for this alert: it must not stop the others. Not its message, which may quote a secret.
            StackTraceElement[] trace = e.getStackTrace();
            String where = trace.length == 0 ? "an unknown place" : trace[0].toString();
            outcome = new Outcome.Refused(
                    FailureReason.OTHER, "fault: " + e.getClass().getSimpleName() + " at " + where);
        }
        if (outcome instanceof Outcome.Refused refused) {
            metrics.failed(name, refused.reason());
            log("refused for good", delivery, refused.reason(), refused.detail());
            shared.outbox().refused(name, delivery);
        }
        settle(delivery, outcome);
    }

    /** The end of an episode, for one who stands in. */
    private static boolean standsIn(Delivery delivery) {
        return !delivery.isTrigger() && delivery.standsInFrom().isPresent();
    }

    /** Over without a request. */
    private void end(Delivery delivery, Runnable count, boolean refused) {
        boolean ours = locked(() -> {
            int before = queue.size();
            queue.settle(delivery, new Outcome.Delivered(), clock.instant());
            if (queue.size() < before) {
                count.run();
                return true;
            }
            return false;
        });
        if (ours && refused) {
            shared.notices().refused(name, delivery, FailureReason.CLIENT_ERROR);
        }
        tell(delivery, refused);
        delivery.claim().release();
    }

    /** Tells those who stand in. */
    private void tell(Delivery delivery, boolean refused) {
        if (delivery.standsInFrom().isEmpty() && delivery.watch().isPresent()) {
            Watch watch = delivery.watch().get();
            if (refused) {
                watch.refused();
            } else {
                watch.delivered();
            }
            shared.notices().pokeAll();
        }
    }

    private void settle(Delivery delivery, Outcome outcome) {
        // Counted and dequeued under one lock, so that the books are never seen out of balance by more than an instant.
        Optional<Duration> again = locked(() -> {
            int before = queue.size();
            Optional<Duration> wait = queue.settle(delivery, outcome, clock.instant());
            if (queue.size() < before) {
                if (outcome instanceof Outcome.Delivered) {
                    metrics.delivered(name);
                } else {
                    metrics.deadLettered(name);
                }
            }
            return wait;
        });
        if (outcome instanceof Outcome.Retry retry) {
            metrics.failed(name, retry.reason());
            String next =
                    again.map(pause -> "again in " + pause.toMillis() + " ms").orElse("given up");
            log("failed, " + next, delivery, retry.reason(), retry.detail());
        } else if (outcome instanceof Outcome.Refused refused) {
            shared.notices().refused(name, delivery, refused.reason());
            tell(delivery, true);
            shared.deadLetters().write(name, delivery.alert(), refused, delivery.claim()::release);
        } else if (outcome instanceof Outcome.Delivered) {
            shared.notices().delivered(name, delivery);
            tell(delivery, false);
            delivery.claim().release();
        }
    }

    private void log(String what, Delivery delivery, FailureReason reason, String detail) {
        if (logged.allows(reason.word())) {
            LOG.warn(
                    "delivery of {} {} to {} {}: {}: {}",
                    delivery.alert().name(),
                    delivery.alert().state().word(),
                    name,
                    what,
                    reason.word(),
                    detail);
        }
    }

    private interface Work<T> {
        T get();
    }

    private <T> T locked(Work<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
