// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets a subject be logged once a minute. Holds one instant per subject; subjects are few by construction (receivers and
 * reasons), and beyond {@value #MAX} they share one.
 */
final class OncePerMinute {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MAX = 1_000;

    private final InstantSource clock;
    private final Map<String, Instant> last = new HashMap<>();

    OncePerMinute(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether it may be logged now; then not again for a minute. */
    synchronized boolean allows(String subject) {
        String key = last.size() < MAX || last.containsKey(subject) ? subject : "";
        Instant now = clock.instant();
        Instant before = last.get(key);
        if (before != null && !now.isBefore(before) && now.isBefore(before.plus(MINUTE))) {
            return false;
        }
        last.put(key, now);
        return true;
    }
}
