// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client as limits see it: known by its token or, where nobody needs one, by its address. Remembers what it sent lately
 * as a sum in which bytes count half after {@value #HALF_LIFE_SECONDS} s. Thread-safe.
 */
final class Sender {
    private static final int HALF_LIFE_SECONDS = 10;
    private static final double NANOS = 1e9;

    private final @Nullable Quota bytes;
    private final @Nullable Quota events;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong onDisk = new AtomicLong();
    private double sent;
    private long sentNanos = System.nanoTime();

    Sender(long bytesPerSecond, long eventsPerSecond) {
        this.bytes = bytesPerSecond == 0 ? null : new Quota(bytesPerSecond);
        this.events = eventsPerSecond == 0 ? null : new Quota(eventsPerSecond);
    }

    /** One without quotas. */
    static Sender unlimited() {
        return new Sender(0, 0);
    }

    /** How long it has to wait because of its quotas; zero when it need not. */
    Duration untilAvailable() {
        Duration forBytes = bytes == null ? Duration.ZERO : bytes.untilAvailable();
        Duration forEvents = events == null ? Duration.ZERO : events.untilAvailable();
        return forBytes.compareTo(forEvents) > 0 ? forBytes : forEvents;
    }

    /** It sent a body of this length, as it came over the wire. */
    void sentBytes(long length) {
        if (bytes != null) {
            bytes.take(length);
        }
        synchronized (this) {
            sent = decayed() + length;
            sentNanos = System.nanoTime();
        }
    }

    /** It sent this many events. */
    void sentEvents(long count) {
        if (events != null) {
            events.take(count);
        }
    }

    /** What it sent lately. */
    synchronized double recent() {
        return decayed();
    }

    private double decayed() {
        double age = (System.nanoTime() - sentNanos) / NANOS;
        return sent * Math.pow(0.5, age / HALF_LIFE_SECONDS);
    }

    /** How long it takes until what it sent counts as little as this. */
    Duration untilRecentIs(double less) {
        double halves = Math.log(Math.max(1, recent()) / Math.max(1, less)) / Math.log(2);
        return Duration.ofMillis((long) (Math.max(0, halves) * HALF_LIFE_SECONDS * 1_000));
    }

    /** Adds to the bytes of its bodies that are in files and returns their sum. */
    long holdOnDisk(long more) {
        return onDisk.addAndGet(more);
    }

    /** Adds to the bytes of its bodies that are in memory and returns their sum. */
    long hold(long more) {
        return held.addAndGet(more);
    }
}
