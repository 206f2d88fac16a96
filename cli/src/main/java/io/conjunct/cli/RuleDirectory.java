// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Report;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The rule files with which a node starts. */
final class RuleDirectory {
    private static final int MAX_SHOWN = 20;

    private RuleDirectory() {}

    /**
     * Reads and checks them.
     *
     * @throws ConfigurationProblem when there are none or one of them has an error: nothing would be watched
     */
    static Loaded load(Path directory) {
        if (!Files.exists(directory)) {
            throw new ConfigurationProblem(
                    "no rules: " + directory + " does not exist; give --rules DIR, or watch `conjunct demo` first");
        }
        Loaded loaded;
        try {
            loaded = RuleLoader.fromDirectory(directory);
        } catch (IOException e) {
            throw new ConfigurationProblem("cannot read the rules in " + directory + ": " + e.getMessage(), e);
        }
        List<Diagnostic> errors =
                loaded.diagnostics().stream().filter(Diagnostic::isError).toList();
        if (!errors.isEmpty()) {
            List<Diagnostic> shown = errors.subList(0, Math.min(MAX_SHOWN, errors.size()));
            String more = errors.size() > MAX_SHOWN ? "\nand " + (errors.size() - MAX_SHOWN) + " more" : "";
            throw new ConfigurationProblem("the rules in " + directory + " have errors:\n"
                    + Report.TEXT.of(shown, loaded.sources()).stripTrailing() + more);
        }
        if (loaded.sources().isEmpty()) {
            throw new ConfigurationProblem("no rules: " + directory + " has no *.yaml; give --rules DIR");
        }
        return loaded;
    }
}
