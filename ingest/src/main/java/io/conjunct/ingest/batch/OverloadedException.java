// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import java.time.Duration;

/** The spool is full or slow, or the sidecar is closing: the client has to come back. */
public final class OverloadedException extends Exception {
    private final transient Duration retryAfter;

    public OverloadedException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** After how long it is worth another try. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
