// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Report;
import java.util.ArrayList;
import java.util.List;

/** Failed tests as findings at the place of their name. */
final class GithubReport {
    private GithubReport() {}

    static String of(Suite suite) {
        List<Diagnostic> all = new ArrayList<>();
        for (FileOutcome file : suite.files()) {
            all.addAll(file.file().problems());
            for (Outcome outcome : file.outcomes()) {
                for (Mismatch mismatch : outcome.mismatches()) {
                    all.add(Diagnostic.error(
                            "test/failed",
                            mismatch.expected().map(Expected::place).orElse(outcome.place()),
                            outcome.name() + ": " + mismatch.words(),
                            ""));
                }
                if (!outcome.unmet().isEmpty()) {
                    all.add(Diagnostic.error("test/failed", outcome.place(), outcome.unmet(), ""));
                }
            }
        }
        return Report.GITHUB.of(all, List.of());
    }
}
