// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

/** The spool holds as much as it may, or the disk as much as it can. */
public final class SpoolFullException extends Exception {
    public SpoolFullException(String message) {
        super(message);
    }
}
