// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ways of a condition to hold, or not to, as claims about quantities. */
final class Claims {
    private Claims() {}

    /** One way: all of them together. */
    record Way(List<Claim> claims) {
        Way {
            claims = List.copyOf(claims);
        }

        /** Whether two of its claims exclude each other. */
        boolean isImpossible() {
            for (int i = 0; i < claims.size(); i++) {
                for (int j = i + 1; j < claims.size(); j++) {
                    if (claims.get(i).contradicts(claims.get(j))) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** Whether the other way is open wherever this one is. */
        boolean implies(Way other) {
            return other.claims.stream().allMatch(o -> claims.stream().anyMatch(c -> c.implies(o)));
        }

        Way and(Way other) {
            List<Claim> both = new ArrayList<>(claims);
            both.addAll(other.claims);
            return new Way(both);
        }
    }

    /**
     * All ways; empty when there are too many, or when a sequence is among the terms, whose legs hold at different times.
     *
     * @param wanted false for the ways in which the condition does not hold
     */
    static Optional<List<Way>> of(Condition condition, boolean wanted) {
        if (hasSequence(condition)) {
            return Optional.empty();
        }
        return Ways.of(condition, wanted)
                .map(ways -> ways.stream().map(Claims::way).toList());
    }

    static boolean hasSequence(Condition condition) {
        return condition instanceof Condition.Then || condition.terms().stream().anyMatch(Claims::hasSequence);
    }

    /** Whether each way of the first opens one of the second. */
    static boolean imply(List<Way> first, List<Way> second) {
        return first.stream().allMatch(way -> second.stream().anyMatch(way::implies));
    }

    static Way way(Set<Ways.Literal> literals) {
        return new Way(literals.stream()
                .flatMap(l -> Claim.of(l.leg(), l.holds()).stream())
                .toList());
    }
}
