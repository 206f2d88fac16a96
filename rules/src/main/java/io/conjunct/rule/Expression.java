// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.signal.Signal;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** One side of a comparison. Units are checked when the rule is read; here all numbers are in base units. */
public sealed interface Expression {

    /** All signals it reads, in the order of the text. */
    List<Signal> signals();

    /** The unit of its value; empty for a plain number. */
    String unit();

    /** Its value when it reads no signal; empty when it reads one, or divides by 0. */
    default OptionalDouble constant() {
        return OptionalDouble.empty();
    }

    /** A number; {@code 1000ms} is 1 with unit {@code s}, {@code 0.1%} is 0.001 with unit {@code ratio}. */
    @SuppressWarnings("JavaLangClash")
    record Number(double value, String unit) implements Expression {
        public Number {
            requireNonNull(unit, "unit");
        }

        @Override
        public List<Signal> signals() {
            return List.of();
        }

        @Override
        public OptionalDouble constant() {
            return OptionalDouble.of(value);
        }
    }

    /** The current value of a signal, or of its baseline (a signal of its own). */
    record Reference(Signal signal) implements Expression {
        public Reference {
            requireNonNull(signal, "signal");
        }

        @Override
        public List<Signal> signals() {
            return List.of(signal);
        }

        @Override
        public String unit() {
            return signal.unit();
        }
    }

    /** {@code left + right} and its like. A quotient with denominator 0 is unknown. */
    record Arithmetic(Expression left, Operator operator, Expression right) implements Expression {
        public Arithmetic {
            requireNonNull(left, "left");
            requireNonNull(operator, "operator");
            requireNonNull(right, "right");
        }

        @Override
        public List<Signal> signals() {
            return Stream.concat(left.signals().stream(), right.signals().stream())
                    .toList();
        }

        @Override
        public String unit() {
            return Units.of(left.unit(), operator, right.unit()).orElse(Units.PLAIN);
        }

        @Override
        public OptionalDouble constant() {
            OptionalDouble first = left.constant();
            OptionalDouble second = right.constant();
            if (first.isEmpty() || second.isEmpty()) {
                return OptionalDouble.empty();
            }
            double value = operator.apply(first.getAsDouble(), second.getAsDouble());
            return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
        }
    }

    /** The four kinds of arithmetic. */
    enum Operator {
        PLUS,
        MINUS,
        TIMES,
        DIVIDED_BY;

        public double apply(double left, double right) {
            return switch (this) {
                case PLUS -> left + right;
                case MINUS -> left - right;
                case TIMES -> left * right;
                case DIVIDED_BY -> right == 0 ? Double.NaN : left / right;
            };
        }
    }
}
