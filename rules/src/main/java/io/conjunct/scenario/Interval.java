// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Findings;
import io.conjunct.rule.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stretch of the timeline in milliseconds, without its end. */
record Interval(long from, long to) {
    private static final List<String> KEYS = List.of("from", "to");

    boolean contains(long millis) {
        return from <= millis && millis < to;
    }

    /** Reads {@code {from: 10m, to: 15m}} or a list of such. */
    static List<Interval> read(Node node, String what, Findings findings) {
        List<Interval> intervals = new ArrayList<>();
        for (Node item : Section.itemsOf(node)) {
            Section.of(item, what, KEYS, findings).flatMap(Interval::of).ifPresent(intervals::add);
        }
        return intervals;
    }

    /** The keys {@code from} and {@code to} of a section; a missing {@code to} is for ever. */
    static Optional<Interval> of(Section section) {
        long from = section.millis("from", 0);
        long to = section.millis("to", Long.MAX_VALUE);
        if (to <= from) {
            section.wrong("to", "`to` is not after `from`", "write a later time");
            return Optional.empty();
        }
        return Optional.of(new Interval(from, to));
    }
}
