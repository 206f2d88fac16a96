// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether we may still speak for our partitions. Kafka gives them to another sink when it has not heard from us for the
 * session's 6 s; a process that was stopped meanwhile does not notice. So each proof, a commit the group took, is good
 * for {@value #SECONDS} s from the moment the commit was asked for, by the monotonic clock. Safe for several threads.
 */
final class Lease {
    private static final int SECONDS = 5;
    private static final long LENGTH = Duration.ofSeconds(SECONDS).toNanos();

    private final LongSupplier nanos;
    private volatile boolean given;
    private volatile long provenNanos;

    Lease(LongSupplier nanos) {
        this.nanos = nanos;
    }

    long now() {
        return nanos.getAsLong();
    }

    /** The group took what we asked at this time. */
    void proven(long askedNanos) {
        provenNanos = askedNanos;
        given = true;
    }

    /** Our partitions are another's, or may be. */
    void lost() {
        given = false;
    }

    boolean held() {
        return given && nanos.getAsLong() - provenNanos < LENGTH;
    }

    /** Whether it is time for a new proof. */
    boolean ages() {
        return !given || nanos.getAsLong() - provenNanos > LENGTH / 5;
    }
}
