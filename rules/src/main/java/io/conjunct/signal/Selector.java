// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static java.util.Objects.requireNonNull;

import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import java.util.Comparator;
import java.util.List;

/**
 * Which events a signal is about: the {@code of} and {@code where} of a rule file.
 *
 * @param kind span, event or metric
 * @param name of the event or metric; empty for any (spans are selected by {@code span.name} in {@code where})
 * @param where all of them must hold; kept in the order of their attribute, so that equal selectors are equal
 */
public record Selector(Kind kind, String name, List<Matcher> where) {
    public Selector {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        where = where.stream()
                .sorted(Comparator.comparing(Matcher::attribute).thenComparing(Matcher::toString))
                .toList();
    }

    /** A form that is quick to ask many times. */
    public Matcher.SeriesPredicate compile() {
        List<Matcher.SeriesPredicate> compiled =
                where.stream().map(Matcher::compile).toList();
        return (Series series) -> {
            if (series.kind() != kind || !(name.isEmpty() || name.equals(series.name()))) {
                return false;
            }
            for (Matcher.SeriesPredicate predicate : compiled) {
                if (!predicate.test(series)) {
                    return false;
                }
            }
            return true;
        };
    }
}
