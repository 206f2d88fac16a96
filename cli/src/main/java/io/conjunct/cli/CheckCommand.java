// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Report;
import io.conjunct.check.Setting;
import io.conjunct.engine.EngineSettings;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.scenario.Proof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conjunct check}: everything that can be said of rule files without running them. */
@Command(
        name = "check",
        description = "Check rule files: what is wrong, where, and what to write instead.",
        exitCodeList = {
            "0:nothing to correct",
            "1:an error, or with --strict a warning",
            "2:no rule file there, or one that is no text or no YAML"
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Rule files, or directories to search (default: .).")
    List<Path> paths = List.of();

    @Option(
            names = "--strict",
            description =
                    "Warnings fail, too, and every rule needs a test in which it fires and one in which it does not.")
    boolean strict;

    @Option(
            names = "--tick",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How often the engine decides (default: ${DEFAULT-VALUE}).")
    Duration tick = EngineSettings.DEFAULT_TICK;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or github (default: ${DEFAULT-VALUE}).")
    Report format = Report.TEXT;

    private final InstantSource clock = InstantSource.system();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Path> given = paths.isEmpty() ? List.of(Path.of(".")) : paths;
        Loaded loaded;
        List<Diagnostic> found = new ArrayList<>();
        try {
            loaded = RuleLoader.fromPaths(given, new Setting(tick, Optional.of(clock.instant())));
            found.addAll(loaded.diagnostics());
            if (strict) {
                found.addAll(Proof.missing(loaded, given));
            }
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + " does not exist", e);
        }
        if (loaded.sources().isEmpty() && found.isEmpty()) {
            spec.commandLine().getErr().println("conjunct: no rule file here: no file ends with .yaml or .yml");
            return Conjunct.EXIT_USAGE;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.of(found, loaded.sources()));
        if (format == Report.TEXT) {
            out.println((found.isEmpty() ? "" : "\n") + summary(loaded, found));
        }
        out.flush();
        if (found.stream().anyMatch(CheckCommand::isNotReadable)) {
            return Conjunct.EXIT_USAGE;
        }
        return found.stream().anyMatch(d -> strict || d.isError()) ? Conjunct.EXIT_FINDINGS : Conjunct.EXIT_OK;
    }

    private static boolean isNotReadable(Diagnostic diagnostic) {
        return diagnostic.isError()
                && (diagnostic.id().startsWith("file/") || diagnostic.id().startsWith("yaml/"));
    }

    private static String summary(Loaded loaded, List<Diagnostic> found) {
        long errors = found.stream().filter(Diagnostic::isError).count();
        long warnings = found.size() - errors;
        String files = count(loaded.sources().size(), "file");
        String contents = loaded.ruleSet().map(CheckCommand::contents).orElse("");
        return files + contents + ": " + count(errors, "error") + ", " + count(warnings, "warning");
    }

    private static String contents(RuleSet rules) {
        long signals =
                rules.groups().stream().mapToLong(g -> g.signals().size()).sum();
        long alerts = rules.groups().stream().mapToLong(g -> g.rules().size()).sum();
        return ", " + count(rules.groups().size(), "group") + ", " + count(signals, "signal") + ", "
                + count(alerts, "rule");
    }

    private static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }
}
