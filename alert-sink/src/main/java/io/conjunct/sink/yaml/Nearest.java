// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.yaml;

import java.util.Collection;

/** The word a mistyped one was probably meant to be: at most three edits away, and less than half its length. */
final class Nearest {
    private Nearest() {}

    /** A question to append, or nothing when no word is near. */
    static String hint(String typed, Collection<String> words) {
        String nearest = "";
        int best = Math.min(4, Math.max(2, typed.length() / 2 + 1));
        for (String word : words) {
            int distance = distance(typed, word);
            if (distance < best) {
                best = distance;
                nearest = word;
            }
        }
        return nearest.isEmpty() ? "" : "; did you mean `" + nearest + "`?";
    }

    /** Levenshtein's distance; texts longer than 64 characters are never near. */
    static int distance(String a, String b) {
        if (a.length() > 64 || b.length() > 64) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
