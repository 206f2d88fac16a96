// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.embedded;

import java.io.IOException;

/** A data directory that cannot be used; the message says why and what to do instead. */
public final class DataDirectoryException extends IOException {
    DataDirectoryException(String message) {
        super(message);
    }

    DataDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
