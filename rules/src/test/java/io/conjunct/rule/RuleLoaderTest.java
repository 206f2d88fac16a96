// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.RuleFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in, rule set or findings out. */
class RuleLoaderTest {
    @TempDir
    Path directory;

    @Test
    void directory_isReadInTheOrderOfItsPaths_withoutOtherFiles() throws IOException {
        write("b.yaml", group("b"));
        write("a/z.yml", group("a"));
        write("a/a.test.yaml", "not: rules");
        write("receivers.yaml", "not: rules");
        write("conjunct.yaml", "not: rules");
        write("notes.txt", "not: rules");
        write("..data/b.yaml", group("hidden"));
        write(".git/x.yaml", "not: rules");
        Loaded loaded = RuleLoader.fromDirectory(directory);
        assertThat(loaded.diagnostics()).isEmpty();
        assertThat(loaded.ruleSet().orElseThrow().groups())
                .extracting(RuleGroup::name)
                .containsExactly("a", "b");
        assertThat(loaded.sources())
                .extracting(RuleSource::path)
                .containsExactly(directory + "/a/z.yml", directory + "/b.yaml");
    }

    @Test
    void revision_isAFingerprintOfTheContent_unlessGiven() throws IOException {
        write("a.yaml", group("a"));
        String first = revision(RuleLoader.fromDirectory(directory));
        assertThat(revision(RuleLoader.fromDirectory(directory))).isEqualTo(first);
        write("a.yaml", group("a") + "# changed\n");
        assertThat(revision(RuleLoader.fromDirectory(directory))).isNotEqualTo(first);
        assertThat(revision(RuleLoader.fromDirectory(directory, Optional.of("4f2a"))))
                .isEqualTo("4f2a");
    }

    @Test
    void linkedDirectoryAndSingleFile_areRead() throws IOException {
        write("real/a.yaml", group("a"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
        assertThat(RuleLoader.fromDirectory(link).ruleSet().orElseThrow().groups())
                .hasSize(1);
        assertThat(RuleLoader.fromDirectory(directory.resolve("real/a.yaml")).ruleSet())
                .isPresent();
    }

    @Test
    void emptyDirectory_isAnEmptyRuleSet_missingOneIsNot() throws IOException {
        assertThat(RuleLoader.fromDirectory(directory).ruleSet().orElseThrow().groups())
                .isEmpty();
        assertThatThrownBy(() -> RuleLoader.fromDirectory(directory.resolve("nowhere")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void largeAndBinaryFiles_areRefused_othersAreStillRead() throws IOException {
        Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        Files.write(directory.resolve("large.yaml"), new byte[10 << 20]);
        write("wrong.yaml", "groups: 3\n");
        Loaded loaded = RuleLoader.fromDirectory(directory);
        assertThat(loaded.diagnostics())
                .extracting(d -> d.path().substring(d.path().lastIndexOf('/') + 1), Diagnostic::id, Diagnostic::line)
                .containsExactlyInAnyOrder(
                        tuple("binary.yaml", "file/not-text", 1),
                        tuple("large.yaml", "file/too-large", 1),
                        tuple("wrong.yaml", "value/type", 1));
    }

    @Test
    void tooManyFiles_areRefused() throws IOException {
        for (int i = 0; i <= RuleLoader.MAX_FILES; i++) {
            write("r" + i + ".yaml", "");
        }
        assertThat(RuleLoader.fromDirectory(directory).diagnostics())
                .extracting(Diagnostic::id)
                .containsExactly("file/too-many");
    }

    @ParameterizedTest
    @CsvSource({
        "'',file/empty,1,1",
        "'# nothing',file/empty,1,1",
        "'groups:',value/type,1,1",
        "'groups: []',value/empty,1,9",
        "'- a',value/type,1,1",
        "'hello',value/type,1,1",
        "'groups: [',yaml/syntax,1,10",
        "'groups: \"x',yaml/syntax,1,9",
        "'groups: !x []',yaml/tag,1,9",
        "'groups: *x',yaml/syntax,1,9",
        "'groups: &x [*x]',yaml/recursive,1,9",
        "'{a: b}: c',yaml/key,1,1",
        "'groups: @x',yaml/syntax,1,9",
        "'groups: \"ab\\xzz\"',yaml/syntax,1,14",
        "'groups: \"ab\\x',yaml/syntax,1,12",
        "'groups: \"ab\\UFFFFFFFF\"',yaml/syntax,1,12",
    })
    void wrongFile_isRefusedInItsPlace(String text, String id, int line, int column) {
        assertThat(RuleFile.load(text).diagnostics())
                .extracting(Diagnostic::id, Diagnostic::line, Diagnostic::column)
                .contains(tuple(id, line, column));
    }

    @Test
    void secondDocument_isRefused() {
        assertThat(RuleFile.load(group("a") + "---\n" + group("b")).diagnostics())
                .extracting(Diagnostic::id, Diagnostic::line)
                .containsExactly(tuple("yaml/syntax", 7));
    }

    @Test
    void deepAndBombFiles_areRefusedQuickly() {
        assertThat(RuleFile.ids(RuleFile.load("[".repeat(10_000)))).containsExactly("yaml/too-deep");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        assertThat(RuleFile.ids(RuleFile.load(bomb.toString()))).containsExactly("yaml/too-large");
    }

    @Test
    void repeatedKeys_areRefused_andTheFirstIsRead() {
        Loaded loaded = RuleFile.load("""
                groups:
                - name: a
                  owner: x
                  owner: y
                  signals:
                    s: {measure: count, of: span, over: 10m}
                    s: {measure: rate, of: span, over: 10m}
                  rules: []
                """);
        assertThat(RuleFile.found(loaded))
                .extracting(Diagnostic::id, Diagnostic::line, Diagnostic::column)
                .containsExactly(tuple("yaml/duplicate-key", 4, 3), tuple("signal/duplicate-name", 7, 5));
    }

    @Test
    void anchors_mayBeUsed_mergeKeysNot() {
        assertThat(RuleFile.ids(RuleFile.load("""
                groups:
                - name: a
                  owner: x
                  signals:
                    s: {measure: count, of: span, where: &api {service.name: api}, over: 10m}
                    t: {measure: rate, of: span, where: *api, over: 10m}
                  rules: []
                """))).isEmpty();
        assertThat(RuleFile.ids(RuleFile.load("a: &a {b: c}\nd: {<<: *a}\n"))).contains("yaml/merge-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lineBreaks_andByteOrderMark_doNotMoveThePlace(String lineBreak) {
        String text = "\uFEFF" + group("é😀").replace("\n", lineBreak);
        assertThat(RuleFile.found(RuleFile.load(text)))
                .extracting(Diagnostic::id, Diagnostic::line, Diagnostic::column, Diagnostic::length)
                .containsExactly(tuple("group/name", 2, 9, 2), tuple("rule/name", 6, 13, 3));
    }

    @Test
    void placesBehindWideCharacters_areCountedInCharacters() {
        String text = group("a")
                .replace("a > 1", "\"a > 1 AND b > 1\"")
                .replace("alert: Ra", "alert: Ra, single_signal: 😀é");
        assertThat(RuleFile.found(RuleFile.load(text)))
                .extracting(Diagnostic::id, Diagnostic::column)
                .containsExactly(tuple(
                        "condition/unknown-signal",
                        "  - {alert: Ra, single_signal: XX, when: \"a > 1 AND ".length() + 1));
    }

    @Test
    void rule_hasAllItsKeys() {
        Rule rule = RuleFile.ruleOf(RuleFile.condition(
                "lag > 3s",
                "until: lag < 1s",
                "within: 5m",
                "for: 1m",
                "keep_firing_for: 10m",
                "stale_after: 1h",
                "status: shadow",
                "demote: auto"));
        assertThat(rule.within()).hasMinutes(5);
        assertThat(rule.holdFor()).hasMinutes(1);
        assertThat(rule.keepFiringFor()).hasMinutes(10);
        assertThat(rule.staleAfter()).hasHours(1);
        assertThat(rule.until()).isPresent();
        assertThat(rule.shadow()).isTrue();
        assertThat(rule.demotable()).isTrue();
    }

    @Test
    void demote_isProposeUnlessWritten_andChangesNoRevision() {
        Rule silent = RuleFile.ruleOf(RuleFile.condition("lag > 3s"));
        Rule proposed = RuleFile.ruleOf(RuleFile.condition("lag > 3s", "demote: propose"));
        Rule auto = RuleFile.ruleOf(RuleFile.condition("lag > 3s", "demote: auto"));
        assertThat(silent.demotable()).isFalse();
        assertThat(proposed.demotable()).isFalse();
        assertThat(auto.demotable()).isTrue();
        assertThat(auto.fingerprint()).isEqualTo(silent.fingerprint());
        assertThat(RuleFile.found(RuleFile.condition("lag > 3s", "demote: automatic")))
                .singleElement()
                .extracting(Diagnostic::id)
                .isEqualTo("value/unknown");
    }

    @Test
    void tenThousandRules_areRead() {
        StringBuilder text = new StringBuilder(
                "groups:\n- name: g\n  owner: o\n  signals: {a: {measure: count, of: span, over: 10m}}\n  rules:\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("  - {alert: R")
                    .append(i)
                    .append(", when: a > ")
                    .append(i)
                    .append(", tier: annotate}\n");
        }
        assertThat(RuleFile.load(text.toString())
                        .ruleSet()
                        .orElseThrow()
                        .groups()
                        .get(0)
                        .rules())
                .hasSize(10_000);
    }

    @Test
    void sources_keepTheirOrder() {
        Loaded loaded =
                RuleLoader.load(List.of(new RuleSource("z.yaml", "x: 1"), new RuleSource("a.yaml", "y: 1")), "r1");
        assertThat(loaded.diagnostics())
                .extracting(Diagnostic::path)
                .containsExactly("z.yaml", "z.yaml", "a.yaml", "a.yaml");
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String group(String name) {
        return """
                groups:
                - name: NAME
                  owner: platform
                  signals: {a: {measure: count, of: span, where: {service.name: NAME}, over: 10m}}
                  rules:
                  - {alert: RNAME, when: a > 1, tier: annotate}
                """.replace("NAME", name);
    }

    private static String revision(Loaded loaded) {
        return loaded.ruleSet().orElseThrow().revision();
    }

    @Test
    void tolerate_withoutFor_isAWarning() {
        assertThat(RuleFile.ids(RuleFile.condition("faults > 1%", "tolerate: 1")))
                .containsExactly("rule/tolerate-without-for");
        assertThat(RuleFile.ids(RuleFile.condition("faults > 1%", "for: 5m", "tolerate: 1")))
                .isEmpty();
        assertThat(RuleFile.ids(RuleFile.condition("faults > 1%", "for: 5m", "tolerate: -1")))
                .containsExactly("value/out-of-range");
    }
}
