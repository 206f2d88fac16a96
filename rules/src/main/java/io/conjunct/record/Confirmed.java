// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An incident as its pages tell of it, after people said that they were right. Times are Unix milliseconds.
 *
 * @param incident its identity
 * @param rules those that told of it
 * @param startMillis when the first of their conditions became true
 * @param endMillis when the last of their pages was over, or went out when its end is not known
 */
public record Confirmed(String incident, SortedSet<String> rules, long startMillis, long endMillis) {
    public Confirmed {
        rules = Collections.unmodifiableSortedSet(new TreeSet<>(rules));
    }

    static Confirmed of(String incident, Page page) {
        return new Confirmed(
                incident,
                new TreeSet<>(Collections.singleton(page.rule())),
                page.startMillis(),
                page.endMillis().orElse(page.atMillis()));
    }

    /** Both together. */
    Confirmed plus(Confirmed other) {
        SortedSet<String> all = new TreeSet<>(rules);
        all.addAll(other.rules);
        return new Confirmed(
                incident, all, Math.min(startMillis, other.startMillis), Math.max(endMillis, other.endMillis));
    }
}
