// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Durations as Prometheus writes them: {@code 30s}, {@code 1h30m}, {@code 7d}; largest unit first, no fractions. */
public final class Durations {
    private static final List<String> NAMES = List.of("y", "w", "d", "h", "m", "s", "ms");
    private static final List<Long> MILLIS =
            List.of(31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L);
    private static final int MAX_DIGITS = 9;

    private Durations() {}

    /** Reads the duration that a scalar holds; what is none is a finding at its place. */
    public static Optional<Duration> read(Node.Scalar scalar, Findings findings) {
        return Parsing.of(scalar, findings, () -> parse(scalar.text()));
    }

    /** The duration in its canonical form; empty when it is none. */
    public static Optional<String> canonical(String text) {
        return of(text).map(Durations::format);
    }

    /** Reads one that stands by itself; empty when it is none. */
    public static Optional<Duration> of(String text) {
        try {
            return Optional.of(parse(text));
        } catch (Problem none) {
            return Optional.empty();
        }
    }

    /** Reads one; throws a {@link Problem} with the place inside the text. */
    static Duration parse(String text) {
        int at = 0;
        int lastUnit = -1;
        long millis = 0;
        while (at < text.length()) {
            int digits = at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            int unit = at;
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            int known = NAMES.indexOf(text.substring(unit, at));
            if (digits == unit || unit - digits > MAX_DIGITS || known <= lastUnit) {
                throw refused(text);
            }
            millis += Long.parseLong(text.substring(digits, unit)) * MILLIS.get(known);
            lastUnit = known;
        }
        if (text.isEmpty()) {
            throw refused(text);
        }
        return Duration.ofMillis(millis);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Problem refused(String text) {
        String squeezed = text.replaceAll("\\s+", "").replaceAll("(?i)(\\d+)([a-z])[a-z]*", "$1$2");
        boolean number = !text.isEmpty() && text.chars().allMatch(c -> isDigit((char) c));
        String fix = number
                ? "write the unit: " + text + "s or " + text + "m"
                : !squeezed.equals(text) && squeezed.matches("(\\d+[smhdwy])+")
                        ? "write " + squeezed
                        : "write it like 30s, 5m, 1h30m or 7d";
        return new Problem("duration/invalid", 0, text.length(), "`" + text + "` is not a duration", fix);
    }

    /** The canonical form: {@code 1h30m}. */
    public static String format(Duration duration) {
        long rest = duration.toMillis();
        if (rest == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        // Weeks and years are read, never written: 7d says more than 1w.
        for (int i = 2; i < NAMES.size(); i++) {
            long count = rest / MILLIS.get(i);
            if (count > 0) {
                text.append(count).append(NAMES.get(i));
                rest -= count * MILLIS.get(i);
            }
        }
        return text.toString();
    }
}
