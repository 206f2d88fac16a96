// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Place;
import io.conjunct.rule.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code rule/no-firing-test} and {@code rule/no-quiet-test}: a rule that no test has made fire may never fire, and one
 * that no test has kept quiet may fire for everything. Reads what tests expect; {@code conjunct test} runs them.
 */
public final class Proof {
    private final Set<String> fired = new HashSet<>();
    private final Set<String> quiet = new HashSet<>();

    private Proof() {}

    /**
     * What the tests under these paths prove; beside a single rule file, the tests of its directory.
     *
     * @throws IOException when a path cannot be read
     */
    public static List<Diagnostic> missing(Loaded rules, List<Path> paths) throws IOException {
        List<Path> directories = new ArrayList<>();
        for (Path path : paths) {
            Path parent = path.toAbsolutePath().getParent();
            directories.add(Files.isRegularFile(path) && parent != null ? parent : path);
        }
        Proof proof = new Proof();
        Suite.find(directories).forEach(file -> proof.read(ScenarioReader.read(file)));
        List<Diagnostic> missing = new ArrayList<>();
        for (Map.Entry<String, Place> rule : new TreeMap<>(rules.places()).entrySet()) {
            proof.missing(rule.getKey(), rule.getValue(), missing);
        }
        return missing;
    }

    private void read(ScenarioFile file) {
        Set<String> known =
                new HashSet<>(file.rules().map(r -> r.places().keySet()).orElse(Set.of()));
        for (Scenario scenario : file.scenarios()) {
            Set<String> expected = new HashSet<>();
            scenario.expect().forEach(e -> expected.add(e.alert()));
            fired.addAll(expected);
            known.stream().filter(rule -> !expected.contains(rule)).forEach(quiet::add);
        }
    }

    private void missing(String rule, Place at, List<Diagnostic> missing) {
        if (!fired.contains(rule)) {
            missing.add(Diagnostic.warning(
                    "rule/no-firing-test",
                    at,
                    "no test expects `" + rule + "` to fire",
                    "add one to a file *.test.yaml beside the rules; see docs/testing-rules.md"));
        }
        if (!quiet.contains(rule)) {
            missing.add(Diagnostic.warning(
                    "rule/no-quiet-test",
                    at,
                    "no test expects `" + rule + "` to keep quiet",
                    "add one with what must not page: `expect: []`"));
        }
    }
}
