// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.rule.Expression.Operator;
import io.conjunct.signal.Signal;
import java.util.Optional;
import java.util.Set;

/**
 * What may be added to and compared with what. Durations and bytes have literals, so a plain number is never one of
 * them; counts and ratios are plain numbers with a name.
 */
final class Units {
    static final String PLAIN = "";

    private static final Set<String> DIMENSIONLESS = Set.of(PLAIN, Signal.COUNT, Signal.RATIO);
    private static final Set<String> WITH_LITERAL = Set.of(Signal.SECONDS, Quantity.BYTES);

    private Units() {}

    /** The unit of a sum or comparison of two units; empty when they do not fit. */
    static Optional<String> common(String a, String b) {
        if (a.equals(b) || (b.equals(PLAIN) && !WITH_LITERAL.contains(a))) {
            return Optional.of(a);
        }
        return a.equals(PLAIN) && !WITH_LITERAL.contains(b) ? Optional.of(b) : Optional.empty();
    }

    /** The unit of a result; empty when the two cannot be added. */
    static Optional<String> of(String a, Operator operator, String b) {
        return switch (operator) {
            case PLUS, MINUS -> common(a, b);
            case TIMES -> Optional.of(times(a, b));
            case DIVIDED_BY -> Optional.of(dividedBy(a, b));
        };
    }

    private static String times(String a, String b) {
        if (DIMENSIONLESS.contains(a)) {
            return DIMENSIONLESS.contains(b) && a.equals(PLAIN) ? b : DIMENSIONLESS.contains(b) ? a : b;
        }
        if (DIMENSIONLESS.contains(b)) {
            return a;
        }
        if (a.endsWith("/" + b)) {
            return numerator(a, b);
        }
        return b.endsWith("/" + a) ? numerator(b, a) : a + "*" + b;
    }

    private static String numerator(String quotient, String denominator) {
        String rest = quotient.substring(0, quotient.length() - denominator.length() - 1);
        return rest.equals("1") ? PLAIN : rest;
    }

    private static String dividedBy(String a, String b) {
        if (a.equals(b)) {
            return PLAIN;
        }
        if (DIMENSIONLESS.contains(b)) {
            return DIMENSIONLESS.contains(a) ? PLAIN : a;
        }
        return (DIMENSIONLESS.contains(a) ? "1" : a) + "/" + b;
    }

    /** What a value with this unit is, in words. */
    static String name(String unit) {
        return switch (unit) {
            case PLAIN -> "a plain number";
            case Signal.SECONDS -> "a duration";
            case Signal.RATIO -> "a ratio";
            case Signal.COUNT -> "a count";
            case Signal.PER_SECOND -> "a rate per second";
            case Quantity.BYTES -> "a number of bytes";
            default -> "in " + unit;
        };
    }
}
