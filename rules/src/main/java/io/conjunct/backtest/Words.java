// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.signal.Signal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Numbers as reports show them. What is not known is a dash. */
final class Words {
    static final String NONE = "-";

    private static final int LISTED = 10;

    private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000};
    private static final String[] NAMES = {"d", "h", "m", "s"};

    private Words() {}

    /** The same of whole milliseconds. */
    static String duration(long millis) {
        return duration((double) millis);
    }

    /** {@code 2d 3h}, {@code 4m 10s}: the two largest units. */
    static String duration(double millis) {
        if (Double.isNaN(millis)) {
            return NONE;
        }
        long rest = Math.round(Math.abs(millis));
        StringBuilder text = new StringBuilder(millis < 0 ? "-" : "");
        int parts = 0;
        for (int i = 0; i < MILLIS.length && parts < 2; i++) {
            long count = rest / MILLIS[i];
            rest %= MILLIS[i];
            if (count > 0) {
                text.append(parts == 0 ? "" : " ").append(count).append(NAMES[i]);
                parts++;
            } else if (parts > 0) {
                break;
            }
        }
        return parts == 0 ? rest > 0 ? text.append(rest).append("ms").toString() : "0s" : text.toString();
    }

    /** {@code 87.5 %}. */
    static String percent(double share) {
        return Double.isNaN(share) ? NONE : decimal(share * 100, 1) + " %";
    }

    /** With this many digits after the point. */
    static String decimal(double value, int digits) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value)
                        .setScale(digits, RoundingMode.HALF_UP)
                        .toPlainString()
                : NONE;
    }

    /** Three significant digits, no zeros at the end. */
    static String plain(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        // Rounding noise of what is meant to be nothing.
        if (Math.abs(value) < 1e-12) {
            return "0";
        }
        BigDecimal number = BigDecimal.valueOf(value);
        int integerDigits = number.precision() - number.scale();
        return number.round(new MathContext(Math.max(3, integerDigits), RoundingMode.HALF_UP))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A value with its unit: {@code 212 ms}, {@code 0.31 %}. */
    static String quantity(double value, String unit) {
        if (!Double.isFinite(value)) {
            return "unknown";
        }
        return switch (unit) {
            case Signal.SECONDS -> Math.abs(value) < 1 ? plain(value * 1e3) + " ms" : plain(value) + " s";
            case Signal.RATIO -> plain(value * 100) + " %";
            case Signal.COUNT, "" -> plain(value);
            case Signal.PER_SECOND -> plain(value) + " /s";
            default -> plain(value) + " " + unit;
        };
    }

    /** {@code 2,592,000}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 page}, {@code 2,000 pages}. */
    static String counted(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** {@code 2026-03-01 10:00:00}, UTC. */
    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString().replace('T', ' ').replaceFirst("(\\.\\d+)?Z$", "");
    }

    /** The first {@value #LISTED} of them, and how many more. */
    static String listed(List<String> ids) {
        String first = String.join(", ", ids.subList(0, Math.min(LISTED, ids.size())));
        return ids.size() > LISTED ? first + " and " + (ids.size() - LISTED) + " more" : first;
    }
}
