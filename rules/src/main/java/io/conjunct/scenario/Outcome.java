// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Place;
import java.util.List;

/**
 * How one test went.
 *
 * @param name of the test
 * @param length of its timeline, milliseconds; 0 for a check of findings
 * @param tookNanos how long playing it took
 * @param mismatches empty when it passed, unless {@code unmet} says otherwise
 * @param unmet in words, what a check of findings missed; empty for a timeline
 * @param seen all episodes
 * @param tracks of every alert
 */
record Outcome(
        String name,
        Place place,
        long length,
        long tick,
        long tookNanos,
        List<Mismatch> mismatches,
        String unmet,
        List<Seen> seen,
        List<Track> tracks) {
    Outcome {
        mismatches = List.copyOf(mismatches);
        seen = List.copyOf(seen);
        tracks = List.copyOf(tracks);
    }

    boolean passed() {
        return mismatches.isEmpty() && unmet.isEmpty();
    }
}
