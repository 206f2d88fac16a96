// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.signal.Comparator;
import io.conjunct.signal.Signal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold: comparisons joined by AND, OR, NOT, {@code 2 OF} and THEN, decided in three values. */
public sealed interface Condition {

    /** The conditions it is made of, in the order of the text; none for a comparison. */
    List<Condition> terms();

    /** As one would write it in a rule file, on one line. */
    String text();

    /** All comparisons, in the order of the text. */
    default List<Comparison> comparisons() {
        return terms().stream().flatMap(term -> term.comparisons().stream()).toList();
    }

    /** A leg: one comparison. {@code text} is as written in the rule file, white space folded. */
    record Comparison(String text, Expression left, Comparator comparator, Expression right) implements Condition {
        public Comparison {
            requireNonNull(text, "text");
            requireNonNull(left, "left");
            requireNonNull(comparator, "comparator");
            requireNonNull(right, "right");
        }

        @Override
        public List<Condition> terms() {
            return List.of();
        }

        @Override
        public List<Comparison> comparisons() {
            return List.of(this);
        }

        /** All signals it reads. */
        public List<Signal> signals() {
            return Stream.concat(left.signals().stream(), right.signals().stream())
                    .toList();
        }
    }

    /** All of at least two. */
    record And(List<Condition> terms) implements Condition {
        public And {
            terms = List.copyOf(terms);
        }

        @Override
        public String text() {
            return terms.stream()
                    .map(term -> term instanceof Or || term instanceof Then ? "(" + term.text() + ")" : term.text())
                    .collect(Collectors.joining(" AND "));
        }
    }

    /** Any of at least two. */
    record Or(List<Condition> terms) implements Condition {
        public Or {
            terms = List.copyOf(terms);
        }

        @Override
        public String text() {
            return terms.stream()
                    .map(term -> term instanceof Then ? "(" + term.text() + ")" : term.text())
                    .collect(Collectors.joining(" OR "));
        }
    }

    /** At least {@code count} of the terms: false as soon as so many can no longer hold. */
    record AtLeast(int count, List<Condition> terms) implements Condition {
        public AtLeast {
            terms = List.copyOf(terms);
            if (count < 1 || count > terms.size()) {
                throw new IllegalArgumentException(count + " of " + terms.size());
            }
        }

        @Override
        public String text() {
            return terms.stream().map(Condition::text).collect(Collectors.joining(", ", count + " OF (", ")"));
        }
    }

    /**
     * The second begins to hold while the first holds or has held within this time. It stays true as long as the second
     * does; another such alert takes another first.
     */
    record Then(Condition first, Condition second, Duration within) implements Condition {
        public Then {
            requireNonNull(first, "first");
            requireNonNull(second, "second");
            requireNonNull(within, "within");
        }

        @Override
        public List<Condition> terms() {
            return List.of(first, second);
        }

        @Override
        public String text() {
            return side(first) + " THEN " + side(second) + " within " + Durations.format(within);
        }

        private static String side(Condition side) {
            boolean simple = side instanceof Comparison || side instanceof Not || side instanceof AtLeast;
            return simple ? side.text() : "(" + side.text() + ")";
        }
    }

    /** The opposite; unknown stays unknown. */
    record Not(Condition term) implements Condition {
        public Not {
            requireNonNull(term, "term");
        }

        @Override
        public List<Condition> terms() {
            return List.of(term);
        }

        @Override
        public String text() {
            boolean simple = term instanceof Comparison || term instanceof Not || term instanceof AtLeast;
            return "NOT " + (simple ? term.text() : "(" + term.text() + ")");
        }
    }
}
