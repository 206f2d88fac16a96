// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.pieces;

/** A part of a request is longer than it may be. The message says which and how long. */
public final class TooLongException extends Exception {
    public TooLongException(String message) {
        super(message);
    }
}
