// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Expression;
import java.util.OptionalDouble;

/** The value of an expression that reads no signal. */
final class Constants {
    private Constants() {}

    static OptionalDouble of(Expression expression) {
        if (expression instanceof Expression.Number number) {
            return OptionalDouble.of(number.value());
        }
        if (expression instanceof Expression.Arithmetic arithmetic) {
            OptionalDouble left = of(arithmetic.left());
            OptionalDouble right = of(arithmetic.right());
            if (left.isPresent() && right.isPresent()) {
                double value = arithmetic.operator().apply(left.getAsDouble(), right.getAsDouble());
                return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
            }
        }
        return OptionalDouble.empty();
    }
}
