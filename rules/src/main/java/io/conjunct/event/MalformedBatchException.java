// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import java.io.IOException;

/** Bytes that are not an event batch this version can read. The message says what is wrong, never what they contain. */
public final class MalformedBatchException extends IOException {
    public MalformedBatchException(String message) {
        super(message);
    }

    public MalformedBatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
