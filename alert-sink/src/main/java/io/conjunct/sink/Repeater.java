// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.sink.receiver.Repeating;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says again, to a receiver that forgets, what still holds according to the {@link DeliveryLog}, in a thread of its own:
 * only for partitions that are ours, and only while the lease proves it.
 */
final class Repeater {
    private static final Logger LOG = LoggerFactory.getLogger(Repeater.class);

    private final String name;
    private final Repeating receiver;
    private final DeliveryLog log;
    private final Supplier<Set<Integer>> ours;
    private final BooleanSupplier lease;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    Repeater(
            String name,
            Repeating receiver,
            DeliveryLog log,
            Supplier<Set<Integer>> ours,
            BooleanSupplier lease,
            InstantSource clock) {
        this.name = name;
        this.receiver = receiver;
        this.log = log;
        this.ours = ours;
        this.lease = lease;
        this.clock = clock;
        thread = new Thread(this::run, "conjunct-sink-repeat-" + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void stop() {
        closing.countDown();
        thread.interrupt();
    }

    /** Once. */
    void turn() throws InterruptedException {
        if (lease.getAsBoolean()) {
            Instant since = clock.instant().minus(receiver.resolvedFor());
            receiver.repeat(() -> log.current(name, ours.get(), since));
        }
    }

    private void run() {
        Duration every = receiver.every();
        try {
            while (!closing.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    turn();
                } catch (RuntimeException e) {
                    LOG.warn("repeating to {} failed: {}", name, e.getClass().getSimpleName());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is repeated no more", name);
        }
    }
}
