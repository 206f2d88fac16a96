// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.time.Duration;
import java.util.List;

/**
 * Who is told of a page that has not reached all of its receivers in time.
 *
 * @param after the time from reading the page; no longer than the longest pause of a lane
 * @param to names of receivers
 */
public record Fallback(Duration after, List<String> to) {
    static final Duration SHORTEST = Duration.ofSeconds(10);
    static final Duration LONGEST = LaneQueue.LONGEST_PAUSE;

    public Fallback {
        to = to.stream().distinct().toList();
        if (to.isEmpty()) {
            throw new IllegalArgumentException("to: [] (expected: at least one receiver)");
        }
        if (after.compareTo(SHORTEST) < 0 || after.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("after: " + after + " (expected: " + SHORTEST + " to " + LONGEST + ")");
        }
    }
}
