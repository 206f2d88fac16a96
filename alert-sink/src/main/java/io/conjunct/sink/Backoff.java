// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.time.Duration;

/**
 * How long to wait after so many failures: 1 s, doubled each time, at most 60 s, of which between half and all is waited,
 * so that many senders do not come back at once.
 */
final class Backoff {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration MOST = Duration.ofSeconds(60);

    private Backoff() {}

    /**
     * The wait.
     *
     * @param failures in a row, from 1
     * @param spread from 0 (half of it) to 1 (all of it)
     */
    static Duration after(int failures, double spread) {
        if (failures < 1 || spread < 0 || spread > 1) {
            throw new IllegalArgumentException(
                    "failures: " + failures + ", spread: " + spread + " (expected: from 1, 0 to 1)");
        }
        long most = Math.min(MOST.toMillis(), FIRST.toMillis() << Math.min(failures - 1, 10));
        return Duration.ofMillis(Math.round(most * (0.5 + spread / 2)));
    }
}
