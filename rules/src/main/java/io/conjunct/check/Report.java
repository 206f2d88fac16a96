// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.RuleSource;
import java.util.List;
import java.util.Locale;

/** A form in which findings are shown. */
public enum Report {
    /** For people: the source line, carets under what is meant, and the fix. */
    TEXT {
        @Override
        public String of(List<Diagnostic> diagnostics, List<RuleSource> sources) {
            return TextReport.of(diagnostics, sources);
        }
    },
    /** For programs: an array of objects with the components of {@link Diagnostic}. */
    JSON {
        @Override
        public String of(List<Diagnostic> diagnostics, List<RuleSource> sources) {
            return JsonReport.of(diagnostics);
        }
    },
    /** For pull requests: workflow commands that GitHub shows beside the line. */
    GITHUB {
        @Override
        public String of(List<Diagnostic> diagnostics, List<RuleSource> sources) {
            return GithubReport.of(diagnostics);
        }
    };

    /** The findings as text that ends with a line break; without findings an empty text (of JSON an empty array). */
    public abstract String of(List<Diagnostic> diagnostics, List<RuleSource> sources);

    /** The word for {@code --format}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
