// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

import java.io.IOException;
import java.io.Serial;

/** A file is not a recording that this build can read; the message names the file and what to do. */
public final class HistoryException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    HistoryException(String message) {
        super(message);
    }
}
