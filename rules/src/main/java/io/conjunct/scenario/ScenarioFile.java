// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Diagnostic;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleSource;
import java.util.List;
import java.util.Optional;

/**
 * One {@code *.test.yaml}: rules and the tests of them.
 *
 * @param source the file as it was read
 * @param rules empty when the file does not say which
 * @param findings ids that the check of the rules must report, sorted; empty when they must be free of errors
 * @param problems why the file cannot be used; empty when it can
 */
record ScenarioFile(
        RuleSource source,
        Optional<Loaded> rules,
        Optional<List<String>> findings,
        List<Scenario> scenarios,
        List<Diagnostic> problems) {
    ScenarioFile {
        scenarios = List.copyOf(scenarios);
        problems = List.copyOf(problems);
    }

    String path() {
        return source.path();
    }
}
