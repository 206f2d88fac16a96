// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.signal.Signal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A threshold as one writes it in a rule file.
 *
 * @param value in the signal's base unit
 * @param text with the unit behind it
 */
record Written(double value, String text) {

    /** A number with few digits that lies strictly between two others. */
    static Written between(double one, double other, String unit) {
        double low = Math.min(one, other);
        double high = Math.max(one, other);
        double middle = low > 0 ? Math.sqrt(low * high) : (low + high) / 2;
        BigDecimal exact = BigDecimal.valueOf(middle);
        BigDecimal number = exact;
        for (int digits = 1; digits <= 6; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() > low && rounded.doubleValue() < high) {
                number = rounded;
                break;
            }
        }
        return new Written(number.doubleValue(), text(number, unit));
    }

    private static String text(BigDecimal number, String unit) {
        return switch (unit) {
            case Signal.SECONDS ->
                number.abs().compareTo(BigDecimal.ONE) < 0
                        ? plain(number.movePointRight(3)) + "ms"
                        : plain(number) + "s";
            case Signal.RATIO -> plain(number.movePointRight(2)) + "%";
            case "By" -> plain(number.setScale(0, RoundingMode.HALF_EVEN)) + "B";
            default -> plain(number);
        };
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
