// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.signal.Signal;
import java.math.BigDecimal;
import java.math.MathContext;

/** Values in the words of rule files: {@code 1.5s}, {@code 20ms}, {@code 0.12%}. Three digits are enough to compare. */
final class Amounts {
    private static final MathContext DIGITS = new MathContext(3);

    private Amounts() {}

    static String text(double value, String unit) {
        if (!Double.isFinite(value)) {
            return "unknown";
        }
        return switch (unit) {
            case Signal.SECONDS -> seconds(value);
            case Signal.RATIO -> plain(value * 100) + "%";
            case Signal.COUNT, "" -> plain(value);
            default -> plain(value) + " " + unit;
        };
    }

    private static String seconds(double value) {
        double size = Math.abs(value);
        if (size >= 3600) {
            return plain(value / 3600) + "h";
        }
        if (size >= 60) {
            return plain(value / 60) + "m";
        }
        if (size >= 1 || size == 0) {
            return plain(value) + "s";
        }
        return size >= 1e-3 ? plain(value * 1e3) + "ms" : plain(value * 1e6) + "us";
    }

    private static String plain(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return String.valueOf((long) value);
        }
        return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }
}
