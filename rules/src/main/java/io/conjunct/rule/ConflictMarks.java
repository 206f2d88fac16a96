// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import io.conjunct.check.SourceText;

/** Finds what git leaves behind in a file that two branches have changed. */
final class ConflictMarks {
    private static final String OURS = "<<<<<<< ";

    private ConflictMarks() {}

    /** Reports every conflict; true when there is one. */
    static boolean refuse(SourceText source, Findings findings) {
        boolean found = false;
        int at = source.text().startsWith(OURS) ? 0 : source.text().indexOf("\n" + OURS);
        while (at >= 0) {
            int from = source.text().charAt(at) == '\n' ? at + 1 : at;
            findings.error(
                    "file/merge-conflict",
                    source.place(from, from + OURS.length() - 1),
                    "an unresolved merge conflict",
                    "choose one side and remove the lines with <<<<<<<, ======= and >>>>>>>");
            found = true;
            at = source.text().indexOf("\n" + OURS, from + 1);
        }
        return found;
    }
}
