// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.io.Serial;

/** A file that was named cannot be used; the message says which and why. The process ends with 2. */
final class LoadProblem extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    LoadProblem(String message) {
        super(message);
    }
}
