// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

/** Too much waits for the log, or the sidecar is closing: the client has to come back. */
public final class OverloadedException extends Exception {
    public OverloadedException(String message) {
        super(message);
    }
}
