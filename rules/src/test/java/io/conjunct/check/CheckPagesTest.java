// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each finding has a page in {@code docs/checks}, each page is in the index, and what its examples say is so. */
class CheckPagesTest {
    private static final Path PAGES = Path.of("../docs/checks");
    private static final Pattern ID = Pattern.compile(
            "\"((file|yaml|key|value|group|signal|rule|condition|measure|regex|unit|duration|slo|template|mute)/[a-z-]+)\"");
    private static final Pattern LINK = Pattern.compile("\\| \\[([a-z/-]+)]\\(([a-z/-]+)\\.md\\)");
    private static final Setting SETTING =
            new Setting(Duration.ofSeconds(10), Optional.of(Instant.parse("2026-12-01T00:00:00Z")));

    /** Findings about what a page cannot show; other tests are about them. */
    private static final Set<String> WITHOUT_EXAMPLE = Set.of(
            "rule/no-firing-test",
            "rule/no-quiet-test",
            "condition/too-long",
            "value/invalid",
            "file/not-text",
            "file/too-large",
            "file/too-many",
            "file/unreadable",
            "file/too-many-findings");

    static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.walk(PAGES)) {
            return files.filter(p -> p.toString().endsWith(".md") && !p.endsWith("README.md"))
                    .map(p -> PAGES.relativize(p).toString().replace('\\', '/').replace(".md", ""))
                    .sorted()
                    .toList();
        }
    }

    static List<String> pagesWithExamples() throws IOException {
        return pages().stream().filter(id -> !WITHOUT_EXAMPLE.contains(id)).toList();
    }

    @Test
    void everyFinding_hasAPageAndALineInTheIndex() throws IOException {
        Set<String> inCode = new TreeSet<>();
        for (String folder : List.of("check", "rule", "scenario/Proof.java")) {
            try (Stream<Path> files = Files.walk(Path.of("src/main/java/io/conjunct", folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    ID.matcher(Files.readString(file)).results().forEach(r -> inCode.add(r.group(1)));
                }
            }
        }
        assertThat(pages()).containsExactlyElementsOf(inCode);
        assertThat(inCode).hasSizeGreaterThan(100);
        List<String> index = new ArrayList<>();
        Matcher link = LINK.matcher(Files.readString(PAGES.resolve("README.md")));
        while (link.find()) {
            assertThat(link.group(2)).isEqualTo(link.group(1));
            index.add(link.group(1));
        }
        assertThat(index).containsExactlyInAnyOrderElementsOf(inCode);
    }

    @ParameterizedTest
    @MethodSource("pagesWithExamples")
    void example_isFoundAndItsCorrectionIsNot(String id) throws IOException {
        String page = Files.readString(PAGES.resolve(id + ".md"));
        assertThat(page).startsWith("# " + id + "\n");
        List<Diagnostic> found = findings(block(page, "wrong"));
        assertThat(found).extracting(Diagnostic::id).contains(id);
        Diagnostic.Severity severity = found.stream()
                .filter(d -> d.id().equals(id))
                .findFirst()
                .orElseThrow()
                .severity();
        assertThat(page.toLowerCase(java.util.Locale.ROOT)).contains("**" + severity.word());
        List<Diagnostic> left = findings(block(page, "right"));
        assertThat(left).extracting(Diagnostic::id).doesNotContain(id);
        assertThat(left).noneMatch(Diagnostic::isError);
    }

    private static String block(String page, String kind) {
        Matcher block = Pattern.compile("(?s)```yaml " + kind + "\n(.*?)```").matcher(page);
        assertThat(block.find()).as(kind).isTrue();
        return block.group(1);
    }

    /** Of a whole file, of rules, or of signals. */
    private static List<Diagnostic> findings(String example) {
        Loaded loaded;
        if (example.startsWith("- alert:") || example.startsWith("- {alert:")) {
            loaded = load(RuleFile.HEAD + "  rules:\n" + annotated(example).indent(2));
        } else if (example.matches("(?s)[a-z_-]+: \\{measure.*")) {
            String name = example.substring(0, example.indexOf(':'));
            loaded = load(RuleFile.HEAD + example.indent(4) + "  rules:\n  - {alert: Tested, when: " + name + " / "
                    + name + " = 1, tier: annotate}\n");
        } else {
            loaded = load(example);
        }
        return loaded.diagnostics();
    }

    /** With what a page or ticket needs and the example leaves out. */
    private static String annotated(String rules) {
        StringBuilder all = new StringBuilder();
        int number = 0;
        for (String line : rules.split("\n")) {
            all.append(
                            line.contains("annotations:") || !line.endsWith("}")
                                    ? line
                                    : line.substring(0, line.length() - 1) + ", annotations: {summary: \"About "
                                            + ++number + "\", runbook_url: \"https://runbooks.example.com/" + number
                                            + "\"}}")
                    .append('\n');
        }
        return all.toString();
    }

    private static Loaded load(String text) {
        return RuleLoader.load(List.of(new RuleSource("page.yaml", text)), "r1", SETTING);
    }
}
