// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class FmtCommandTest {
    private static final String LOOSE = "groups:\n- owner: docs\n  name: a\n  rules: []\n";
    private static final String FORMED = "groups:\n- name: a\n  owner: docs\n  rules: []\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final StringWriter out = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Conjunct.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        return line.execute(arguments);
    }

    @Test
    void fmt_writesTheForm_andThenNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("a.yaml"), LOOSE);
        assertThat(run("fmt", directory.toString())).isZero();
        assertThat(out.toString().strip()).isEqualTo(file.toString());
        assertThat(file).hasContent(FORMED);
        assertThat(run("fmt", "--check", directory.toString())).isZero();
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void checkAndDiff_writeNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("a.yaml"), LOOSE);
        assertThat(run("fmt", "--check", directory.toString())).isEqualTo(1);
        assertThat(run("fmt", "--diff", directory.toString())).isZero();
        assertThat(out.toString()).contains("+- name: a\n", "-  name: a\n", "@@ -1,4 +1,4 @@");
        assertThat(file).hasContent(LOOSE);
    }

    @Test
    void fileThatCannotBeRead_isTwo_andStays() throws IOException {
        Path broken = Files.writeString(directory.resolve("b.yaml"), "groups: [\n");
        Path other = Files.writeString(directory.resolve("c.yaml"), LOOSE);
        assertThat(run("fmt", directory.toString())).isEqualTo(2);
        assertThat(out.toString()).contains("b.yaml", "yaml/syntax");
        assertThat(broken).hasContent("groups: [\n");
        assertThat(other).hasContent(FORMED);
        assertThat(run("fmt", directory.resolve("none").toString())).isEqualTo(2);
    }
}
