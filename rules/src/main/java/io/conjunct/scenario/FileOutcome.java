// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Place;
import io.conjunct.rule.Loaded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How all tests of one file went. {@code coverage} is empty when nothing was played. */
record FileOutcome(ScenarioFile file, List<Outcome> outcomes, Optional<Coverage> coverage) {
    FileOutcome {
        outcomes = List.copyOf(outcomes);
    }

    /** Runs every test of a file that can be used. */
    static FileOutcome of(ScenarioFile file) {
        if (!file.problems().isEmpty()) {
            return new FileOutcome(file, List.of(), Optional.empty());
        }
        List<Outcome> outcomes = new ArrayList<>();
        Loaded rules = file.rules().orElseThrow();
        file.findings().ifPresent(expected -> outcomes.add(checked(file, expected, rules)));
        if (rules.ruleSet().isEmpty()) {
            return new FileOutcome(file, outcomes, Optional.empty());
        }
        Coverage coverage = new Coverage(rules.ruleSet().get());
        for (Scenario scenario : file.scenarios()) {
            long begin = System.nanoTime();
            Playback playback = Player.play(scenario, rules.ruleSet().get());
            List<Track> tracks = playback.tracks();
            List<Mismatch> mismatches = Mismatch.between(scenario.expect(), playback.episodes());
            tracks.forEach(coverage::add);
            outcomes.add(new Outcome(
                    scenario.name(),
                    scenario.place(),
                    scenario.until(),
                    scenario.tick(),
                    System.nanoTime() - begin,
                    mismatches,
                    "",
                    playback.episodes(),
                    // Only what is drawn is worth its memory.
                    mismatches.isEmpty() ? List.of() : tracks));
        }
        return new FileOutcome(file, outcomes, file.scenarios().isEmpty() ? Optional.empty() : Optional.of(coverage));
    }

    private static Outcome checked(ScenarioFile file, List<String> expected, Loaded rules) {
        List<String> found =
                rules.diagnostics().stream().map(Diagnostic::id).sorted().toList();
        String unmet = found.equals(expected)
                ? ""
                : "the check finds " + (found.isEmpty() ? "nothing" : found) + ", expected " + expected;
        return new Outcome(
                "check finds " + String.join(", ", expected),
                Place.startOf(file.path()),
                0,
                1,
                0,
                List.of(),
                unmet,
                List.of(),
                List.of());
    }

    boolean passed() {
        return file.problems().isEmpty() && outcomes.stream().allMatch(Outcome::passed);
    }
}
