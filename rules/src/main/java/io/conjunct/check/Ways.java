// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The disjunctive normal form of a condition: each way to become true, as the comparisons it takes. */
final class Ways {
    /** A condition with more ways is refused. */
    static final int LIMIT = 4_096;

    private Ways() {}

    /** All ways, in the order of the text; empty when there are too many. */
    static Optional<Set<Set<Condition.Comparison>>> toTrue(Condition condition) {
        return ways(condition, true);
    }

    private static Optional<Set<Set<Condition.Comparison>>> ways(Condition condition, boolean wanted) {
        if (condition instanceof Condition.Not not) {
            return ways(not.term(), !wanted);
        }
        if (condition instanceof Condition.And and) {
            return wanted ? all(and.terms(), wanted) : any(and.terms(), wanted);
        }
        if (condition instanceof Condition.Or or) {
            return wanted ? any(or.terms(), wanted) : all(or.terms(), wanted);
        }
        Condition.Comparison comparison = (Condition.Comparison) condition;
        return Optional.of(Set.of(Set.of(comparison)));
    }

    private static Optional<Set<Set<Condition.Comparison>>> any(List<Condition> terms, boolean wanted) {
        Set<Set<Condition.Comparison>> ways = new LinkedHashSet<>();
        for (Condition term : terms) {
            Optional<Set<Set<Condition.Comparison>>> own = ways(term, wanted);
            if (own.isEmpty() || ways.size() + own.get().size() > LIMIT) {
                return Optional.empty();
            }
            ways.addAll(own.get());
        }
        return Optional.of(ways);
    }

    private static Optional<Set<Set<Condition.Comparison>>> all(List<Condition> terms, boolean wanted) {
        Set<Set<Condition.Comparison>> ways = new LinkedHashSet<>();
        ways.add(Set.of());
        for (Condition term : terms) {
            Optional<Set<Set<Condition.Comparison>>> own = ways(term, wanted);
            if (own.isEmpty() || (long) ways.size() * own.get().size() > LIMIT) {
                return Optional.empty();
            }
            Set<Set<Condition.Comparison>> joined = new LinkedHashSet<>();
            for (Set<Condition.Comparison> left : ways) {
                for (Set<Condition.Comparison> right : own.get()) {
                    Set<Condition.Comparison> both = new LinkedHashSet<>(left);
                    both.addAll(right);
                    joined.add(both);
                }
            }
            ways = joined;
        }
        return Optional.of(ways);
    }
}
