// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * A number in the unit a person would say it in: seconds as 420 µs, 1.42 s, 12 min; a ratio as 92.1 %; bytes as 1.5 MiB;
 * anything else with its own unit. Three significant digits, but never fewer than the whole part has.
 */
record Quantity(double value, String unit, boolean percent) {
    private static final int DIGITS = 3;
    /** A double has no more. */
    private static final int MOST_DIGITS = 15;

    private record Scale(double from, double divisor, String unit) {}

    /** From which rounded amount on which unit is used. */
    private static final Scale[] TIME = {
        new Scale(172_800, 86_400, "d"),
        new Scale(7_200, 3_600, "h"),
        new Scale(120, 60, "min"),
        new Scale(1, 1, "s"),
        new Scale(1e-3, 1e-3, "ms"),
        new Scale(1e-6, 1e-6, "µs"),
        new Scale(0, 1e-9, "ns"),
    };

    private static final Scale[] BYTES = {
        new Scale(0x1p40, 0x1p40, "TiB"),
        new Scale(0x1p30, 0x1p30, "GiB"),
        new Scale(0x1p20, 0x1p20, "MiB"),
        new Scale(0x1p10, 0x1p10, "KiB"),
        new Scale(0, 1, "B"),
    };

    /** This quantity, with more digits when it would read like the other one without being equal to it. */
    String besides(Quantity other) {
        int digits = DIGITS;
        while (digits < MOST_DIGITS && value != other.value && text(digits).equals(other.text(digits))) {
            digits++;
        }
        return text(digits);
    }

    @Override
    public String toString() {
        return text(DIGITS);
    }

    private String text(int digits) {
        if (!Double.isFinite(value)) {
            return "unknown";
        }
        if (percent) {
            return number(value * 100, digits) + " %";
        }
        return switch (unit) {
            case "1", "" -> number(value, digits);
            case "s" -> scaled(TIME, digits);
            case "By" -> scaled(BYTES, digits);
            default -> number(value, digits) + " " + unit;
        };
    }

    private String scaled(Scale[] scales, int digits) {
        if (value == 0) {
            return "0 " + (scales == TIME ? "s" : "B");
        }
        // Rounded first, so that 0.9999 s is 1 s and not 1,000 ms.
        double rounded = Math.abs(new BigDecimal(value)
                .round(new MathContext(digits, RoundingMode.HALF_UP))
                .doubleValue());
        for (Scale scale : scales) {
            if (rounded >= scale.from) {
                return number(value / scale.divisor, digits) + " " + scale.unit;
            }
        }
        throw new IllegalStateException("the last scale begins at 0");
    }

    private static String number(double number, int digits) {
        BigDecimal exact = BigDecimal.valueOf(number);
        int whole = exact.precision() - exact.scale();
        BigDecimal rounded = exact.round(new MathContext(Math.max(digits, whole), RoundingMode.HALF_UP));
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMaximumFractionDigits(20);
        return format.format(rounded);
    }

    /** A window as it is written in rules: 5 min, 1 h, 30 d, 90 s. */
    static String window(long millis) {
        long[] units = {86_400_000, 3_600_000, 60_000, 1_000};
        String[] names = {"d", "h", "min", "s"};
        for (int i = 0; i < units.length; i++) {
            if (millis >= units[i] && millis % units[i] == 0) {
                return millis / units[i] + " " + names[i];
            }
        }
        return millis + " ms";
    }
}
