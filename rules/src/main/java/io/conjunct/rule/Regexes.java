// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Refuses patterns the engine cannot run: RE2 syntax, matched in linear time. */
final class Regexes {
    private static final int MAX_LENGTH = 1_000;

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
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            String lookaround = "write the values out, or split them into two matchers";
            String fix = pattern.contains("(?=") || pattern.contains("(?!") || pattern.contains("(?<")
                    ? "RE2 has no look-around: " + lookaround
                    : "see https://github.com/google/re2/wiki/Syntax";
            throw new Problem("regex/invalid", from, to, "not a regex that RE2 reads: " + describe(e), fix);
        }
    }

    private static String describe(PatternSyntaxException e) {
        String detail = e.getPattern();
        return detail == null || detail.isEmpty() ? e.getDescription() : e.getDescription() + " at `" + detail + "`";
    }
}
