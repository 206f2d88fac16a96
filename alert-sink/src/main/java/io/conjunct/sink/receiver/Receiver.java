// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

import io.conjunct.alert.Alert;

/**
 * Something that tells people. One method: one attempt. Order, retries, pauses and accounts are the lane's work, so a
 * receiver keeps no state of its own about alerts.
 */
@FunctionalInterface
public interface Receiver {
    /**
     * Tries once, and returns within the outbound deadline (10 s). Called by one thread at a time, with
     * {@link Alert.State#FIRING} and {@link Alert.State#RESOLVED} only, in the order of each alert.
     */
    Outcome deliver(Alert alert) throws InterruptedException;

    /** The same, for receivers that change what they sent before. */
    default Outcome deliver(Alert alert, Receipts receipts) throws InterruptedException {
        return deliver(alert);
    }
}
