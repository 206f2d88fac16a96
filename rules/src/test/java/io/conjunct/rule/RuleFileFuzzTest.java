// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.conjunct.check.Diagnostic;
import io.conjunct.check.Findings;
import io.conjunct.check.Report;
import io.conjunct.check.SourceText;
import io.conjunct.format.Formatter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file on which the loader, the checks, the reports or the formatter throw or hang, or a refusal without its place. Every
 * build replays the corpus in {@code RuleFileFuzzTestInputs}; with {@code -Pfuzz} Jazzer searches for a minute.
 */
class RuleFileFuzzTest {
    private static final Path CORPUS = Path.of("src/test/resources/io/conjunct/rule/RuleFileFuzzTestInputs/file");

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void corpus_isBorne(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> examine(bytes));
    }

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void file(byte[] bytes) {
        examine(bytes);
    }

    private static void examine(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        RuleSource source = new RuleSource("fuzz.yaml", text);
        Loaded loaded = RuleLoader.load(List.of(source), "r1");
        boolean refused = loaded.diagnostics().stream().anyMatch(Diagnostic::isError);
        assertThat(loaded.ruleSet().isPresent()).isEqualTo(!refused);
        SourceText lines = new SourceText("fuzz.yaml", text.startsWith("\uFEFF") ? text.substring(1) : text);
        for (Diagnostic diagnostic : loaded.diagnostics()) {
            assertThat(diagnostic.line()).as("%s", diagnostic).isBetween(1, lines.lines());
            String line = lines.line(diagnostic.line());
            assertThat(diagnostic.column())
                    .as("%s", diagnostic)
                    .isBetween(1, line.codePointCount(0, line.length()) + 1);
        }
        for (Report report : Report.values()) {
            report.of(loaded.diagnostics(), loaded.sources());
        }
        Optional<String> formatted = Formatter.format(source, new Findings());
        formatted.ifPresent(f -> assertThat(Formatter.format(new RuleSource("fuzz.yaml", f), new Findings()))
                .contains(f));
    }
}
