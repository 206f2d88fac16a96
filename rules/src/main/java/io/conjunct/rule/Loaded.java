// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rule files, read and checked.
 *
 * @param ruleSet present exactly when no diagnostic is an error
 * @param diagnostics in the order of the files, then of the text
 * @param sources the files as they were read, for showing findings in their place
 * @param places where the name of each written rule stands; the rules of an SLO are not written
 */
public record Loaded(
        Optional<RuleSet> ruleSet, List<Diagnostic> diagnostics, List<RuleSource> sources, Map<String, Place> places) {
    public Loaded {
        places = Map.copyOf(places);
        diagnostics = List.copyOf(diagnostics);
        sources = List.copyOf(sources);
        if (ruleSet.isPresent() == diagnostics.stream().anyMatch(Diagnostic::isError)) {
            throw new IllegalArgumentException("a rule set is there exactly when there is no error: " + diagnostics);
        }
    }
}
