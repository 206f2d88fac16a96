// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Findings;
import io.conjunct.check.Report;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleFiles;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import io.conjunct.signal.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The rule files of a directory as they were found, good or not.
 *
 * @param directory as the user named it
 * @param revision git's where the directory is in a work tree, else a fingerprint of the files
 * @param files with paths from the directory, so that nodes that keep the same files elsewhere agree
 * @param ruleSet present exactly when nothing is wrong
 * @param errors what is wrong in the files; at most {@value #MAX_ERRORS} are kept
 * @param problem why there are no files to read; empty when there are
 * @param sources the files with the paths that errors name
 */
public record RulesOnDisk(
        Path directory,
        String revision,
        List<RuleSource> files,
        Optional<RuleSet> ruleSet,
        List<Diagnostic> errors,
        String problem,
        List<RuleSource> sources) {
    private static final int MAX_ERRORS = 1_000;
    private static final int SHOWN = 20;

    public RulesOnDisk {
        files = List.copyOf(files);
        errors = List.copyOf(errors);
        sources = List.copyOf(sources);
    }

    /** Reads and checks what is there now. */
    public static RulesOnDisk read(Path directory) {
        if (!Files.exists(directory)) {
            return without(directory, "no rules: " + directory + " does not exist");
        }
        Loaded loaded;
        try {
            loaded = RuleLoader.fromDirectory(directory);
        } catch (IOException | RuntimeException e) {
            // A directory may change under the reader's feet.
            return without(directory, "cannot read the rules in " + directory + ": " + e);
        }
        if (loaded.sources().isEmpty() && loaded.ruleSet().isPresent()) {
            return without(directory, "no rules: " + directory + " has no *.yaml");
        }
        List<RuleSource> files = loaded.sources().stream()
                .map(source -> new RuleSource(relative(directory, source.path()), source.text()))
                .toList();
        String fingerprint = Fingerprint.of(files.toString());
        String revision = GitRevision.of(directory, fingerprint).orElse(fingerprint);
        return new RulesOnDisk(
                directory,
                revision,
                files,
                loaded.ruleSet().map(rules -> new RuleSet(revision, rules.groups())),
                loaded.diagnostics().stream()
                        .filter(Diagnostic::isError)
                        .limit(MAX_ERRORS)
                        .toList(),
                "",
                loaded.sources());
    }

    /** The files as {@link #sources()} has them, unchecked; empty where there are none, or not all can be read. */
    static Optional<List<RuleSource>> unchecked(Path directory) {
        Findings findings = new Findings();
        try {
            List<RuleSource> found = RuleFiles.read(directory, findings);
            return found.isEmpty() || findings.errors() > 0 ? Optional.empty() : Optional.of(found);
        } catch (IOException | RuntimeException e) {
            // Whoever reads and checks them says it better.
            return Optional.empty();
        }
    }

    private static RulesOnDisk without(Path directory, String problem) {
        return new RulesOnDisk(directory, "", List.of(), Optional.empty(), List.of(), problem, List.of());
    }

    private static String relative(Path directory, String path) {
        Path file = Path.of(path);
        Path from = Files.isDirectory(directory) ? directory.relativize(file) : file.getFileName();
        return String.valueOf(from).replace('\\', '/');
    }

    /** Equal exactly when the files are: of a rule update with them, {@link RuleUpdate#content()}. */
    public long content() {
        return new RuleUpdate(revision, 0, files).content();
    }

    /** What is wrong, with source lines and carets; empty when nothing is. */
    public String complaint() {
        if (!problem.isEmpty()) {
            return problem;
        }
        if (errors.isEmpty()) {
            return "";
        }
        String more = errors.size() > SHOWN ? "\nand " + (errors.size() - SHOWN) + " more" : "";
        return "the rules in " + directory + " have errors:\n"
                + Report.TEXT
                        .of(errors.subList(0, Math.min(SHOWN, errors.size())), sources)
                        .stripTrailing()
                + more;
    }

    /** The same on one line: the first error and how many follow. */
    public String briefComplaint() {
        if (!problem.isEmpty() || errors.isEmpty()) {
            return problem;
        }
        Diagnostic first = errors.get(0);
        String more = errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "";
        return first.path() + ":" + first.line() + ":" + first.column() + ": " + first.message() + more;
    }
}
