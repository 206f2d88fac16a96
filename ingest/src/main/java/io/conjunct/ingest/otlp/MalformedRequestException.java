// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.io.IOException;

/** A body that is not the export request it claims to be. The message says what is wrong, never what the body holds. */
public final class MalformedRequestException extends IOException {
    public MalformedRequestException(String message) {
        super(message);
    }

    public MalformedRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
