// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.conjunct.check.Findings;
import io.conjunct.check.Report;
import io.conjunct.format.Formatter;
import io.conjunct.rule.RuleFiles;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

/** {@code conjunct fmt}: rule files in the one form. A file is replaced as a whole, or not at all. */
@Command(
        name = "fmt",
        description = {
            "Format rule files: keys in the order of the schema, a signal on one line where it fits, durations and "
                    + "conditions as the language prints them. Comments, blank lines and quotes stay."
        },
        exitCodeList = {
            "0:all files have the form, or have it now",
            "1:with --check: a file has not",
            "2:a file that cannot be read, or not be formatted without losing something"
        })
final class FmtCommand implements Callable<Integer> {
    private static final int CONTEXT = 3;

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Rule files, or directories to search (default: .).")
    List<Path> paths = List.of();

    @Option(names = "--check", description = "Write nothing; name the files that are not formatted.")
    boolean check;

    @Option(names = "--diff", description = "Write nothing; show what would change.")
    boolean diff;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Findings findings = new Findings();
        List<RuleSource> sources = new ArrayList<>();
        int changed = 0;
        for (Path path : paths.isEmpty() ? List.of(Path.of(".")) : paths) {
            try {
                sources.addAll(RuleFiles.read(path, findings));
            } catch (NoSuchFileException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage() + " does not exist", e);
            }
        }
        for (RuleSource source : sources) {
            Optional<String> formatted = Formatter.format(source, findings);
            if (formatted.isPresent() && !formatted.get().equals(source.text())) {
                changed++;
                tell(source, formatted.get(), out);
            }
        }
        out.print(Report.TEXT.of(
                findings.sorted(sources.stream().map(RuleSource::path).toList()), sources));
        out.flush();
        if (findings.errors() > 0) {
            return Conjunct.EXIT_USAGE;
        }
        return check && changed > 0 ? Conjunct.EXIT_FINDINGS : Conjunct.EXIT_OK;
    }

    private void tell(RuleSource source, String formatted, PrintWriter out) throws IOException {
        if (diff) {
            List<String> before = source.text().lines().toList();
            String name = source.path().replaceFirst("^/+", "");
            UnifiedDiffUtils.generateUnifiedDiff(
                            "a/" + name,
                            "b/" + name,
                            before,
                            DiffUtils.diff(before, formatted.lines().toList()),
                            CONTEXT)
                    .forEach(out::println);
        } else {
            out.println(source.path());
        }
        if (!check && !diff) {
            replace(Path.of(source.path()), formatted);
        }
    }

    /** Through a file beside it, so that whoever reads at this moment sees one or the other. */
    private static void replace(Path file, String text) throws IOException {
        Path real = file.toRealPath();
        Path next = real.resolveSibling("." + real.getFileName() + ".fmt");
        try {
            Files.copy(real, next, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.writeString(next, text, StandardCharsets.UTF_8);
            Files.move(next, real, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
