// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

/** A token bucket of bytes that holds ten seconds' worth; what is taken may overdraw it once. Thread-safe. */
final class ByteQuota {
    private static final int BURST_SECONDS = 10;

    private final double perNano;
    private final double most;
    private double left;
    private long lastNanos = System.nanoTime();

    ByteQuota(long bytesPerSecond) {
        this.perNano = bytesPerSecond / 1e9;
        this.most = (double) bytesPerSecond * BURST_SECONDS;
        this.left = most;
    }

    /** False when nothing is left. */
    synchronized boolean take(long bytes) {
        long now = System.nanoTime();
        left = Math.min(most, left + (now - lastNanos) * perNano);
        lastNanos = now;
        if (left <= 0) {
            return false;
        }
        left -= bytes;
        return true;
    }
}
