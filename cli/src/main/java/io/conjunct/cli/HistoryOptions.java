// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Incident;
import io.conjunct.backtest.IncidentFile;
import io.conjunct.engine.EngineSettings;
import io.conjunct.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** A recorded past, and the rules to look at it with. */
final class HistoryOptions {
    private static final String DEFAULT_RULES = "rules";

    @Option(
            names = "--history",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Recorded files, oldest first; `conjunct record` writes them.")
    List<Path> files = new ArrayList<>();

    /** What one might also call it. */
    @Option(
            names = {"--from", "--events"},
            paramLabel = "FILE",
            description = "The same as --history.",
            arity = "1..*",
            hidden = true)
    List<Path> alsoFiles = new ArrayList<>();

    @Option(
            names = "--rules",
            paramLabel = "DIR",
            defaultValue = DEFAULT_RULES,
            description = "Rule files, *.yaml (default: ${DEFAULT-VALUE}).")
    Path rules = Path.of(DEFAULT_RULES);

    @Option(
            names = "--tick",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How often conditions are evaluated, in event time; as in production (default:"
                    + " ${DEFAULT-VALUE}).")
    Duration tick = Duration.ofSeconds(10);

    EngineSettings engine() {
        try {
            return EngineSettings.of(tick);
        } catch (IllegalArgumentException e) {
            throw new LoadProblem("--tick: " + e.getMessage());
        }
    }

    /** Whether rules were named, or are where they would be looked for. */
    boolean hasRules() {
        return !rules.equals(Path.of(DEFAULT_RULES)) || Files.exists(rules);
    }

    History history() {
        List<Path> all = new ArrayList<>(files);
        all.addAll(alsoFiles);
        if (all.isEmpty()) {
            throw new LoadProblem("which past? Give --history FILE, as `conjunct record` writes it");
        }
        try {
            return History.of(all);
        } catch (NoSuchFileException e) {
            throw new LoadProblem("--history " + e.getFile() + ": there is no such file");
        } catch (IOException e) {
            throw new LoadProblem(String.valueOf(e.getMessage()));
        }
    }

    static List<Incident> incidents(Path file) {
        try {
            return IncidentFile.read(file);
        } catch (NoSuchFileException e) {
            throw new LoadProblem("--incidents " + file + ": there is no such file");
        } catch (IOException e) {
            throw new LoadProblem(String.valueOf(e.getMessage()));
        }
    }

    /** One core per rule group is of use, and the machine may have other work. */
    static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }
}
