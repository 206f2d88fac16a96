// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** An episode that was expected and not seen, seen and not expected, or seen otherwise than expected. */
record Mismatch(Optional<Expected> expected, Optional<Seen> seen) {

    /** Pairs what was expected with what was seen; what fits exactly is left out. */
    static List<Mismatch> between(List<Expected> expected, List<Seen> seen) {
        List<Expected> open = new ArrayList<>(expected);
        List<Seen> rest = new ArrayList<>(seen);
        // The more an expectation says, the earlier it chooses.
        open.sort(Comparator.comparingInt(e -> -e.labels().size()));
        open.removeIf(e -> {
            Optional<Seen> exact = rest.stream().filter(e::matches).findFirst();
            exact.ifPresent(rest::remove);
            return exact.isPresent();
        });
        List<Mismatch> mismatches = new ArrayList<>();
        open.sort(Comparator.comparingLong(Expected::firing));
        for (Expected e : open) {
            Optional<Seen> nearest = rest.stream()
                    .filter(e::names)
                    .min(Comparator.comparingLong(s -> Math.abs(s.firing() - e.firing())));
            nearest.ifPresent(rest::remove);
            mismatches.add(new Mismatch(Optional.of(e), nearest));
        }
        rest.forEach(s -> mismatches.add(new Mismatch(Optional.empty(), Optional.of(s))));
        return mismatches;
    }

    /** The alert it is about. */
    String identity() {
        return seen.map(Seen::identity)
                .orElseGet(() -> expected.map(e -> e.labels().isEmpty() ? e.alert() : e.alert() + e.labels())
                        .orElse(""));
    }

    /** In one line, for reports that have no room. */
    String words() {
        return identity() + ": expected " + expected.map(Expected::words).orElse("no alert") + ", was "
                + seen.map(Seen::words).orElse("no alert");
    }
}
