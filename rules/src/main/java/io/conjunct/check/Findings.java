// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects findings while files are read. Keeps {@value #LIMIT} of them and says when there were more. */
public final class Findings {
    private static final int LIMIT = 1_000;

    private final Set<Diagnostic> found = new LinkedHashSet<>();
    private boolean full;
    private int errors;

    public void error(String id, Place at, String message, String fix) {
        add(Diagnostic.error(id, at, message, fix));
    }

    public void warning(String id, Place at, String message, String fix) {
        add(Diagnostic.warning(id, at, message, fix));
    }

    public void add(Diagnostic diagnostic) {
        errors += diagnostic.isError() ? 1 : 0;
        if (found.size() < LIMIT) {
            found.add(diagnostic);
        } else if (!full) {
            full = true;
            found.add(Diagnostic.warning(
                    "file/too-many-findings",
                    new Place(diagnostic.path(), diagnostic.line(), diagnostic.column(), diagnostic.length()),
                    "more than " + LIMIT + " findings; the rest is left out",
                    "fix these first"));
        }
    }

    /** How many errors there were so far, kept or not. */
    public int errors() {
        return errors;
    }

    /** In the order of the files, then of the text. */
    public List<Diagnostic> sorted(List<String> paths) {
        List<Diagnostic> all = new ArrayList<>(found);
        all.sort(Comparator.<Diagnostic>comparingInt(d -> paths.indexOf(d.path()))
                .thenComparingInt(Diagnostic::line)
                .thenComparingInt(Diagnostic::column)
                .thenComparing(Diagnostic::id));
        return all;
    }
}
