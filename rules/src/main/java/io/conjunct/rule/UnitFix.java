// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.signal.Signal;

/** What somebody probably meant who wrote a number in the wrong unit. */
final class UnitFix {
    private UnitFix() {}

    static String of(String wanted, Syntax.Literal literal) {
        return "write "
                + example(
                        wanted, literal.text(), literal.value(), literal.unit().isEmpty());
    }

    static String of(String wanted, Token number) {
        return "write "
                + example(
                        wanted,
                        number.text(),
                        number.number().doubleValue(),
                        number.unit().isEmpty());
    }

    private static String example(String wanted, String text, double value, boolean plain) {
        return switch (wanted) {
            // A bare 1000 beside a latency is nearly always milliseconds, a bare 3 seconds.
            case Signal.SECONDS -> plain ? text + (Math.abs(value) >= 50 ? "ms" : "s") : "a duration, such as 300ms";
            case Quantity.BYTES -> plain ? text + "B" : "a size, such as 2GiB";
            case Signal.RATIO -> "a share, such as 5%";
            case Signal.COUNT, Units.PLAIN -> "a number without a unit";
            default -> "a number without a unit; it is compared in " + wanted;
        };
    }
}
