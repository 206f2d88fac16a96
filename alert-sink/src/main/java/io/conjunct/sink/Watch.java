// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

/**
 * Whether one page has reached all of its receivers, for those who stand in when it has not. Safe for several threads.
 */
final class Watch {
    private int waiting;
    private boolean refused;

    /** Watches so many deliveries. */
    Watch(int deliveries) {
        waiting = deliveries;
    }

    synchronized void delivered() {
        waiting--;
    }

    synchronized void refused() {
        refused = true;
    }

    /** Nobody needs to stand in. */
    synchronized boolean isDelivered() {
        return waiting <= 0 && !refused;
    }

    /** Somebody must stand in at once. */
    synchronized boolean isRefused() {
        return refused;
    }
}
