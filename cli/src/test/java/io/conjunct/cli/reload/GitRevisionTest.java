// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.conjunct.cli.reload.Attempt.Result;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs git, as the feature does; where there is none, revisions are fingerprints, which RuleReloadTest covers. */
final class GitRevisionTest {
    private static final String FINGERPRINT = "0123456789abcdef";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path repository;

    @BeforeEach
    void commitRules() throws Exception {
        try {
            git("init", "--quiet");
        } catch (IOException e) {
            assumeTrue(false, "git is not installed");
        }
        Files.createDirectories(rules());
        Files.writeString(rules().resolve("a.yaml"), RuleReloadTest.rules("Slow", 5));
        commit();
    }

    private Path rules() {
        return repository.resolve("rules");
    }

    private void commit() throws Exception {
        git("add", "-A");
        git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "rules");
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    @Test
    void committedFiles_haveTheCommit() throws Exception {
        String head = git("rev-parse", "HEAD");
        assertThat(GitRevision.of(rules(), FINGERPRINT)).hasValue(head.substring(0, 12));
        assertThat(GitRevision.of(rules().resolve("a.yaml"), FINGERPRINT)).hasValue(head.substring(0, 12));
    }

    @Test
    void changedFile_isDirty_untilItIsCommitted() throws Exception {
        Files.writeString(rules().resolve("new.yaml"), RuleReloadTest.rules("New", 5));
        assertThat(GitRevision.of(rules(), FINGERPRINT).orElseThrow()).endsWith("-dirty-01234567");
        commit();
        assertThat(GitRevision.of(rules(), FINGERPRINT).orElseThrow()).doesNotContain("dirty");
    }

    @Test
    void changeElsewhere_isNoChangeOfTheRules() throws Exception {
        Files.writeString(repository.resolve("README.md"), "changed");
        Files.writeString(rules().resolve("notes.txt"), "changed");
        assertThat(GitRevision.of(rules(), FINGERPRINT).orElseThrow()).doesNotContain("dirty");
    }

    @Test
    void directoryWithoutGit_hasNoRevision(@TempDir Path plain) {
        assertThat(GitRevision.of(plain, FINGERPRINT)).isEmpty();
    }

    @Test
    void dirtyRules_thatAreCommitted_areToldUnderTheirCommit() throws Exception {
        HeapRuleLog log = new HeapRuleLog();
        RuleReload node = new RuleReload(
                rules(),
                repository.resolve("memory.txt"),
                log,
                new ReloadMetrics(new PrometheusRegistry()),
                () -> Instant.EPOCH);
        Files.writeString(rules().resolve("a.yaml"), RuleReloadTest.rules("Slow", 6));
        assertThat(node.reload().revision()).contains("-dirty-");
        commit();
        Attempt committed = node.reload();
        assertThat(committed.result()).isEqualTo(Result.APPLIED);
        assertThat(committed.revision()).isEqualTo(git("rev-parse", "HEAD").substring(0, 12));
    }
}
