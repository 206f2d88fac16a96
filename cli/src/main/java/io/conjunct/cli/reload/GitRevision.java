// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.rule.RuleLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Which git revision the rule files of a directory are of. Git is asked where it is installed and the directory is a work
 * tree it trusts; nothing of the repository is run. Each question is given up after {@value #SECONDS} s.
 */
final class GitRevision {
    private static final int SECONDS = 5;
    private static final int DIGITS = 12;

    private GitRevision() {}

    /**
     * The short commit; with {@code -dirty-} and the fingerprint behind it when rule files are not as they were committed.
     * Empty where there is no git, no work tree or no commit.
     *
     * @param fingerprint of the files as they are
     */
    static Optional<String> of(Path directory, String fingerprint) {
        Path inside = Files.isDirectory(directory)
                ? directory
                : directory.toAbsolutePath().resolveSibling("");
        Optional<String> commit = ask(inside, "rev-parse", "--short=" + DIGITS, "--verify", "--quiet", "HEAD");
        if (commit.isEmpty()) {
            return Optional.empty();
        }
        return ask(inside, "status", "--porcelain", "-z", "--untracked-files=all", "--", ".")
                .map(status -> Stream.of(status.split("\0", -1)).anyMatch(GitRevision::isRuleFile)
                        ? commit.get().strip() + "-dirty-" + fingerprint.substring(0, 8)
                        : commit.get().strip());
    }

    /** A line of the status: two letters, a space, a path from the root of the work tree. */
    private static boolean isRuleFile(String line) {
        return line.length() > 3 && RuleLoader.isRuleFile(Path.of(line.substring(3)));
    }

    private static Optional<String> ask(Path directory, String... question) {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "core.fsmonitor=false",
                "-C",
                directory.toAbsolutePath().toString()));
        command.addAll(List.of(question));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
        try {
            Process git = builder.start();
            git.getOutputStream().close();
            Thread limit = new Thread(() -> end(git), "git-limit");
            limit.setDaemon(true);
            limit.start();
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? Optional.of(answer) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static void end(Process git) {
        try {
            if (!git.waitFor(SECONDS, TimeUnit.SECONDS)) {
                git.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
