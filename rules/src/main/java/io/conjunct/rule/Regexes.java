// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Refuses patterns the engine cannot run: RE2 syntax, matched in linear time. */
final class Regexes {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_REPEATS = 100_000;
    private static final java.util.regex.Pattern COUNT = java.util.regex.Pattern.compile("\\{([0-9]+)(?:,([0-9]*))?}");
    private static final java.util.regex.Pattern BACKTRACKS =
            java.util.regex.Pattern.compile("\\(\\?(=|!|<=|<!|>)|\\\\[1-9]|[*+?}]\\+");

    private Regexes() {}

    /** Throws a {@link Problem} between the offsets when RE2 does not read the pattern. */
    static void check(String pattern, int from, int to) {
        if (pattern.isEmpty()) {
            throw new Problem(
                    "regex/invalid", from, to, "an empty regex matches nothing useful", "remove it, or write .+");
        }
        if (pattern.length() > MAX_LENGTH) {
            throw new Problem(
                    "regex/invalid",
                    from,
                    to,
                    "the regex is longer than " + MAX_LENGTH + " characters",
                    "use a list of values");
        }
        if (repeats(pattern) > MAX_REPEATS) {
            throw new Problem(
                    "regex/too-many-repeats",
                    from,
                    to,
                    "the counts of this regex multiply to more than " + MAX_REPEATS,
                    "write + or * in place of a count, or a shorter one");
        }
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            if (BACKTRACKS.matcher(pattern).find()) {
                throw new Problem(
                        "regex/backtracks",
                        from,
                        to,
                        "look-around and back references take time without end on some values, so RE2 has none",
                        "write the values out, or split them into `matches` and `not_matches`");
            }
            throw new Problem(
                    "regex/invalid",
                    from,
                    to,
                    "not a regex that RE2 reads: " + describe(e),
                    "see https://github.com/google/re2/wiki/Syntax");
        }
    }

    /** An upper bound of how often the innermost part is written out: the product of all counts. */
    private static double repeats(String pattern) {
        double product = 1;
        java.util.regex.Matcher counts = COUNT.matcher(pattern);
        while (counts.find()) {
            String most = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
            product *= Math.max(1, Double.parseDouble(most));
        }
        return product;
    }

    private static String describe(PatternSyntaxException e) {
        String detail = e.getPattern();
        return detail == null || detail.isEmpty() ? e.getDescription() : e.getDescription() + " at `" + detail + "`";
    }
}
