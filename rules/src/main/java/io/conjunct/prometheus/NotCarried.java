// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import java.io.Serial;

/** Something of a rule that cannot be carried over; the message says what and why. */
final class NotCarried extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NotCarried(String message) {
        super(message);
    }
}
