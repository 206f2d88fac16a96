// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * So many calls within any window of this length: a sliding log. A token bucket of the same capacity would let twice as
 * many through within one window, right after it has been idle, and the provider counts in a sliding window. Holds one
 * instant per call of the window; safe for several threads.
 */
public final class Pace {
    private final int calls;
    private final Duration window;
    private final Deque<Instant> taken = new ArrayDeque<>();

    public Pace(int calls, Duration window) {
        if (calls < 1) {
            throw new IllegalArgumentException("calls: " + calls + " (expected: 1 or more)");
        }
        this.calls = calls;
        this.window = window;
    }

    /** Takes one call if it is free; otherwise tells how long to wait, and takes nothing. Zero means: go. */
    public synchronized Duration take(Instant now) {
        // A clock that was set back would otherwise keep calls of the future in the log for as long as it was set back.
        taken.removeIf(at -> at.isAfter(now) || !at.plus(window).isAfter(now));
        Instant oldest = taken.peekFirst();
        if (oldest == null || taken.size() < calls) {
            taken.addLast(now);
            return Duration.ZERO;
        }
        return Duration.between(now, oldest.plus(window));
    }
}
