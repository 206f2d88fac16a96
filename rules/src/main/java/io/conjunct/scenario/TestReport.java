// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import java.util.Locale;

/** A form in which the results of tests are shown. */
public enum TestReport {
    /** For people: differences and drawn timelines. */
    TEXT {
        @Override
        public String of(Suite suite, boolean coverage) {
            return TextReport.of(suite, coverage);
        }
    },
    /** For programs: one object. */
    JSON {
        @Override
        public String of(Suite suite, boolean coverage) {
            return JsonReport.of(suite);
        }
    },
    /** For build servers: JUnit's XML. */
    JUNIT {
        @Override
        public String of(Suite suite, boolean coverage) {
            return JunitReport.of(suite);
        }
    },
    /** For pull requests: workflow commands that GitHub shows beside the line. */
    GITHUB {
        @Override
        public String of(Suite suite, boolean coverage) {
            return GithubReport.of(suite);
        }
    };

    /**
     * The results as text that ends with a line break.
     *
     * @param coverage whether the text form lists what no test has reached
     */
    public abstract String of(Suite suite, boolean coverage);

    /** The word for {@code --format}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
