// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The disjunctive normal form of a condition: each way to become true, as the legs it takes. */
final class Ways {
    /** A condition with more ways is refused. */
    static final int LIMIT = 4_096;

    private Ways() {}

    /** A leg that must hold, or must not. */
    record Literal(Condition.Comparison leg, boolean holds) {}

    /** All ways, in the order of the text; empty when there are too many. */
    static Optional<Set<Set<Literal>>> toTrue(Condition condition) {
        return ways(condition, true);
    }

    /** The ways to make it hold, or not to hold; empty when there are too many. */
    static Optional<Set<Set<Literal>>> of(Condition condition, boolean wanted) {
        return ways(condition, wanted);
    }

    private static Optional<Set<Set<Literal>>> ways(Condition condition, boolean wanted) {
        if (condition instanceof Condition.Not not) {
            return ways(not.term(), !wanted);
        }
        if (condition instanceof Condition.And and) {
            return wanted ? all(and.terms(), wanted) : any(and.terms(), wanted);
        }
        if (condition instanceof Condition.Or or) {
            return wanted ? any(or.terms(), wanted) : all(or.terms(), wanted);
        }
        if (condition instanceof Condition.Then then) {
            List<Condition> sides = List.of(then.first(), then.second());
            return wanted ? all(sides, wanted) : any(sides, wanted);
        }
        if (condition instanceof Condition.AtLeast some) {
            int n = some.terms().size();
            return atLeast(wanted ? some.count() : n - some.count() + 1, some.terms(), wanted);
        }
        Condition.Comparison comparison = (Condition.Comparison) condition;
        return Optional.of(Set.of(Set.of(new Literal(comparison, wanted))));
    }

    private static Optional<Set<Set<Literal>>> any(List<Condition> terms, boolean wanted) {
        Set<Set<Literal>> ways = new LinkedHashSet<>();
        for (Condition term : terms) {
            Optional<Set<Set<Literal>>> own = ways(term, wanted);
            if (own.isEmpty() || ways.size() + own.get().size() > LIMIT) {
                return Optional.empty();
            }
            ways.addAll(own.get());
        }
        return Optional.of(ways);
    }

    private static Optional<Set<Set<Literal>>> all(List<Condition> terms, boolean wanted) {
        Set<Set<Literal>> ways = new LinkedHashSet<>();
        ways.add(Set.of());
        for (Condition term : terms) {
            Optional<Set<Set<Literal>>> own = ways(term, wanted);
            if (own.isEmpty() || (long) ways.size() * own.get().size() > LIMIT) {
                return Optional.empty();
            }
            ways = joined(ways, own.get());
        }
        return Optional.of(ways);
    }

    /** Every choice of so many terms, built up from the last term: with it or without it. */
    private static Optional<Set<Set<Literal>>> atLeast(int count, List<Condition> terms, boolean wanted) {
        // chosen.get(k): the ways to make k of the terms looked at so far hold.
        List<Set<Set<Literal>>> chosen = new ArrayList<>();
        chosen.add(Set.of(Set.of()));
        for (int i = 0; i < terms.size(); i++) {
            Optional<Set<Set<Literal>>> own = ways(terms.get(i), wanted);
            if (own.isEmpty()) {
                return Optional.empty();
            }
            // With fewer than this the terms that are left would not suffice.
            int fewest = Math.max(1, count - (terms.size() - 1 - i));
            for (int k = Math.min(count, chosen.size()); k >= fewest; k--) {
                Set<Set<Literal>> with = chosen.get(k - 1);
                Set<Set<Literal>> without = k < chosen.size() ? chosen.get(k) : Set.of();
                if ((long) with.size() * own.get().size() + without.size() > LIMIT) {
                    return Optional.empty();
                }
                Set<Set<Literal>> both = new LinkedHashSet<>(without);
                both.addAll(joined(with, own.get()));
                if (k < chosen.size()) {
                    chosen.set(k, both);
                } else {
                    chosen.add(both);
                }
            }
        }
        return Optional.of(chosen.get(count));
    }

    private static Set<Set<Literal>> joined(Set<Set<Literal>> lefts, Set<Set<Literal>> rights) {
        Set<Set<Literal>> joined = new LinkedHashSet<>();
        for (Set<Literal> left : lefts) {
            for (Set<Literal> right : rights) {
                Set<Literal> both = new LinkedHashSet<>(left);
                both.addAll(right);
                joined.add(both);
            }
        }
        return joined;
    }
}
