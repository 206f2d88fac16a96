// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.check.Diagnostic;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Rules from a directory, or from the same directory as git had it at some revision. */
final class RulesFrom {
    static final String WORKING_TREE = "working tree";

    private static final int GIT_SECONDS = 30;

    private RulesFrom() {}

    /**
     * Reads the files as they are.
     *
     * @throws LoadProblem when there are none, or one has an error
     */
    static RuleSet directory(Path directory, String revision) throws IOException {
        try {
            return checked(RuleLoader.fromDirectory(directory, Optional.of(revision)), directory.toString());
        } catch (NoSuchFileException e) {
            throw new LoadProblem("--rules " + directory + ": there is no such directory");
        }
    }

    /** Reads the files of a directory as they were at a git revision, such as {@code HEAD~1} or {@code main}. */
    static RuleSet git(Path directory, String revision) throws IOException, InterruptedException {
        Path absolute = directory.toAbsolutePath().normalize();
        if (!Files.exists(absolute)) {
            throw new LoadProblem("--rules " + directory + ": there is no such directory");
        }
        Path inside = Files.isDirectory(absolute) ? absolute : absolute.resolveSibling("");
        String commit = git(inside, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
                .strip();
        List<RuleSource> sources = new ArrayList<>();
        for (String name :
                git(inside, "ls-tree", "-r", "-z", "--name-only", commit, "./").split("\0", -1)) {
            if (!name.isEmpty()
                    && RuleLoader.isRuleFile(Path.of(name))
                    && (inside.equals(absolute) || absolute.endsWith(name))) {
                sources.add(new RuleSource(revision + ":" + name, git(inside, "show", commit + ":./" + name)));
            }
        }
        if (sources.isEmpty()) {
            throw new LoadProblem("--against " + revision + ": it has no rule files in " + directory);
        }
        return checked(RuleLoader.load(sources, revision), revision + ":" + directory);
    }

    private static RuleSet checked(Loaded loaded, String from) {
        if (loaded.ruleSet().isEmpty()) {
            throw new LoadProblem(from + " has errors\n"
                    + loaded.diagnostics().stream()
                            .filter(Diagnostic::isError)
                            .map(d -> d.path() + ":" + d.line() + ":" + d.column() + ": " + d.message()
                                    + (d.fix().isEmpty() ? "" : "; " + d.fix()))
                            .collect(Collectors.joining("\n")));
        }
        RuleSet rules = loaded.ruleSet().get();
        if (rules.groups().isEmpty()) {
            throw new LoadProblem(from + " has no rules");
        }
        return rules;
    }

    private static String git(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(false).start();
        } catch (IOException e) {
            throw new LoadProblem("--against needs git on the PATH: " + e.getMessage());
        }
        process.getOutputStream().close();
        // Complaints are short; they fit the pipe while the output is read.
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(GIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new LoadProblem("git does not end: " + String.join(" ", command));
        }
        if (process.exitValue() != 0) {
            throw new LoadProblem("--against: "
                    + (complaint.isBlank()
                            ? "there is no such revision: " + arguments[arguments.length - 1].replace("^{commit}", "")
                            : complaint.strip()));
        }
        return output;
    }
}
