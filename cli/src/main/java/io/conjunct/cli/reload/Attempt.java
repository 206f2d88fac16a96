// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;

/**
 * One look at the rule files, and what came of it.
 *
 * @param files as they were found
 * @param revision what is published now; empty when nothing is
 * @param changes in words; empty where nothing changed
 * @param problem why the files were not taken; empty when they were, or nothing was new
 */
public record Attempt(Result result, RulesOnDisk files, String revision, String changes, String problem, Instant at) {
    public Attempt {
        requireNonNull(result, "result");
        requireNonNull(files, "files");
    }

    /** What became of the files. */
    public enum Result {
        /** Published. */
        APPLIED,
        /** They are what is published already. */
        UNCHANGED,
        /** Nothing is new in them, and another revision was published elsewhere since they were last read. */
        OVERRULED,
        /** They have errors; what was published before stays. */
        REFUSED,
        /** Kafka did not take them. To be tried again. */
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether the files here are good and known to all. */
    public boolean successful() {
        return result != Result.REFUSED && result != Result.FAILED;
    }
}
