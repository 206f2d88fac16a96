// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are too large, no text, or were being written when they were read: one clear error, at its place. */
class UnreadableFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static List<String> ids(Loaded loaded) {
        return loaded.diagnostics().stream().map(Diagnostic::id).toList();
    }

    @Test
    void tenMegabytes_areRefusedUnread() throws IOException {
        String text = "groups: []\n".repeat(1_000_000);
        assertThat(text.length()).isGreaterThan(10_000_000);
        Files.writeString(directory.resolve("large.yaml"), text);
        assertThat(ids(RuleLoader.fromDirectory(directory))).containsExactly("file/too-large");
        assertThat(ids(RuleLoader.load(List.of(new RuleSource("large.yaml", text)), "r1")))
                .containsExactly("file/too-large");
    }

    @Test
    void bytesThatAreNoText_areRefused() throws IOException {
        Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThat(ids(RuleLoader.fromDirectory(directory))).containsExactly("file/not-text");
    }

    /** Whatever has been written so far: refused at a place in it, or a whole file that ends at a line. */
    @Test
    void halfWrittenFile_isRefusedOrWhole() throws IOException {
        String whole = Files.readString(Path.of("src/test/resources/read-api.yaml"));
        int refused = 0;
        for (int end = 0; end < whole.length(); end += 37) {
            String half = whole.substring(0, end);
            Loaded loaded = RuleLoader.load(List.of(new RuleSource("half.yaml", half)), "r1");
            boolean error = loaded.diagnostics().stream().anyMatch(Diagnostic::isError);
            assertThat(loaded.ruleSet().isPresent()).as(half).isEqualTo(!error);
            int lines = new SourceText("half.yaml", half).lines();
            assertThat(loaded.diagnostics()).as(half).allMatch(d -> d.line() >= 1 && d.line() <= lines);
            refused += error ? 1 : 0;
        }
        // Most cuts leave a rule without its end.
        assertThat(refused).isGreaterThan(whole.length() / 37 / 2);
    }

    @Test
    void tooManyFindings_areCutShort() {
        StringBuilder text = new StringBuilder("groups:\n- name: a\n  owner: b\n  rules: []\n  signals:\n");
        for (int i = 0; i < 1_100; i++) {
            text.append("    s").append(i).append(": {measure: none, of: span, over: 1m}\n");
        }
        assertThat(ids(RuleLoader.load(List.of(new RuleSource("a.yaml", text.toString())), "r1")))
                .hasSize(1_001)
                .contains("file/too-many-findings");
    }

    @Test
    void conditionLongerThanAPage_isRefused() {
        String when = "x > 1" + " OR x > 1".repeat(300);
        assertThat(ids(RuleLoader.load(
                        List.of(new RuleSource(
                                "a.yaml",
                                "groups:\n- name: a\n  owner: b\n  signals: {x: {measure: count, of: span, over: 1m}}\n"
                                        + "  rules: [{alert: A, when: \"" + when + "\", tier: annotate}]\n")),
                        "r1")))
                .contains("condition/too-long");
    }
}
