// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.scenario.Suite;
import io.conjunct.scenario.TestReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conjunct test}: timelines in, alerts out, by the engine that runs in production. */
@Command(
        name = "test",
        description = "Run the tests of rules (*.test.yaml): a timeline of events in, alerts out.",
        exitCodeList = {"0:all tests passed", "1:a test failed", "2:a file cannot be loaded, or there is no test"})
final class TestCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Test files, or directories to search (default: .).")
    List<Path> paths = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json, junit or github (default: ${DEFAULT-VALUE}).")
    TestReport format = TestReport.TEXT;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write the report to FILE; text still goes to the terminal.")
    @Nullable
    Path output;

    @Option(names = "--coverage", description = "List which legs were never true, false or unknown.")
    boolean coverage;

    @Option(names = "--watch", description = "Run again whenever a file changes, until Ctrl-C.")
    boolean watch;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Path> roots = paths.isEmpty() ? List.of(Path.of(".")) : paths;
        return watch ? watch(roots) : run(roots);
    }

    /** Runs again and again until interrupted; what could not be read may be mended. */
    private int watch(List<Path> roots) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        FileChanges changes = new FileChanges(roots);
        int files = changes.reading(Suite.rules(Suite.find(existing(roots))));
        int code = run(roots);
        while (true) {
            err.println("watching " + files + (files == 1 ? " file" : " files") + "; Ctrl-C ends");
            List<Path> changed;
            try {
                changed = changes.await();
            } catch (InterruptedException e) {
                return code;
            }
            err.println();
            err.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  changed: "
                    + changed.stream().map(TestCommand::shown).collect(Collectors.joining(", ")));
            try {
                files = changes.reading(Suite.rules(Suite.find(existing(roots))));
                code = run(roots);
            } catch (ParameterException | IOException | UncheckedIOException e) {
                err.println("conjunct: " + e.getMessage());
                code = Conjunct.EXIT_USAGE;
            }
        }
    }

    private static List<Path> existing(List<Path> roots) {
        return roots.stream().filter(Files::exists).toList();
    }

    /** As seen from the working directory, where it is below. */
    private static String shown(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return String.valueOf(file.startsWith(here) ? here.relativize(file) : file);
    }

    private int run(List<Path> roots) throws IOException {
        List<Path> files;
        try {
            files = Suite.find(roots);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + " does not exist", e);
        }
        if (files.isEmpty()) {
            spec.commandLine().getErr().println("conjunct: no test here: no file ends with .test.yaml");
            return Conjunct.EXIT_USAGE;
        }
        Suite suite = Suite.run(files);
        Path file = output;
        if (file == null) {
            spec.commandLine().getOut().print(format.of(suite, coverage));
        } else {
            Files.writeString(file, format.of(suite, coverage));
            spec.commandLine().getOut().print(TestReport.TEXT.of(suite, coverage));
        }
        spec.commandLine().getOut().flush();
        return switch (suite.end()) {
            case PASSED -> Conjunct.EXIT_OK;
            case FAILED -> Conjunct.EXIT_FINDINGS;
            case BROKEN -> Conjunct.EXIT_USAGE;
        };
    }
}
