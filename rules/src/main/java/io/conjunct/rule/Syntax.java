// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.signal.Comparator;
import java.time.Duration;
import java.util.List;

/** A condition as written: names not looked up, units not compared, every part with its offsets in the text. */
sealed interface Syntax {

    int from();

    int to();

    /** Whether it is true or false, rather than a number. */
    boolean isCondition();

    /** A side of a comparison. */
    sealed interface Value extends Syntax {
        @Override
        default boolean isCondition() {
            return false;
        }
    }

    /** A number in base units. */
    record Literal(double value, String unit, String text, int from, int to) implements Value {}

    /** A signal's name. */
    record Name(String name, int from, int to) implements Value {}

    /** {@code baseline(signal, 7d)}. */
    record Baseline(Name signal, Duration over, int overFrom, int from, int to) implements Value {}

    /** {@code burn(signal, slo)}. */
    record Burn(Name signal, Name slo, int from, int to) implements Value {}

    /** {@code -x}. */
    record Negative(Value term, int from, int to) implements Value {}

    /** {@code left + right} and its like. */
    record Arithmetic(Value left, Expression.Operator operator, Value right, int from, int to) implements Value {}

    /** A part that is true or false. */
    sealed interface Truth extends Syntax {
        @Override
        default boolean isCondition() {
            return true;
        }
    }

    /** A leg. */
    record Comparison(Value left, Comparator comparator, Value right, int from, int to) implements Truth {}

    /** Terms joined by AND, or by OR. */
    record Junction(boolean and, List<Truth> terms, int from, int to) implements Truth {
        public Junction {
            terms = List.copyOf(terms);
        }
    }

    /** {@code 2 OF (a, b, c)}. */
    record AtLeast(int count, List<Truth> terms, int from, int to) implements Truth {
        public AtLeast {
            terms = List.copyOf(terms);
        }
    }

    /**
     * {@code first THEN second within 10m}.
     *
     * @param closed whether parentheses stand around it
     */
    record Then(Truth first, Truth second, Duration within, int withinFrom, boolean closed, int from, int to)
            implements Truth {}

    /** {@code NOT term}. */
    record Not(Truth term, int from, int to) implements Truth {}

    /** The same with the parentheses around it. */
    static Syntax widen(Syntax inner, int from, int to) {
        if (inner instanceof Literal x) {
            return new Literal(x.value, x.unit, x.text, from, to);
        } else if (inner instanceof Name x) {
            return new Name(x.name, from, to);
        } else if (inner instanceof Baseline x) {
            return new Baseline(x.signal, x.over, x.overFrom, from, to);
        } else if (inner instanceof Burn x) {
            return new Burn(x.signal, x.slo, from, to);
        } else if (inner instanceof Negative x) {
            return new Negative(x.term, from, to);
        } else if (inner instanceof Arithmetic x) {
            return new Arithmetic(x.left, x.operator, x.right, from, to);
        }
        if (inner instanceof Then x) {
            return new Then(x.first, x.second, x.within, x.withinFrom, true, x.from, x.to);
        }
        // Conditions keep their own text: a leg is shown without its parentheses.
        return inner;
    }
}
