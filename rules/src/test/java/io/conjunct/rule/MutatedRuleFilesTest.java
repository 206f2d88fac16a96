// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Report;
import io.conjunct.check.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Damaged rule files, by a seed: whatever stands in a file, the loader neither throws nor hangs, and every finding lies
 * inside the file.
 */
class MutatedRuleFilesTest {
    private static final int FILES = 20_000;
    private static final int MAX_LENGTH = 20_000;
    private static final String[] WORDS = {
        "AND",
        "OR",
        "NOT",
        "THEN",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        ": ",
        "-",
        "\n",
        "\t",
        "\"",
        "'",
        "|",
        ">",
        "&a ",
        "*a",
        "!x ",
        "#",
        "%",
        "1e999",
        "999999999999",
        "0x1f",
        "baseline(",
        "ratio(",
        "p99.9(",
        "{{ x }}",
        "on",
        "null",
        "true",
        "1h30m",
        "é",
        "😀",
        "\u2028",
        "\uFEFF",
        "\u0000",
        "\r\n",
        "<<",
        "<<<<<<< ",
        "?",
        "@",
        "`",
        "\\",
        "~",
        ".inf"
    };

    @Test
    void damagedFile_isRefusedInsideTheFile() throws IOException {
        long seed = Long.getLong("seed", 20261120L);
        Random random = new Random(seed);
        List<String> originals = originals();
        int accepted = 0;
        for (int i = 0; i < FILES; i++) {
            String text = originals.get(random.nextInt(originals.size()));
            int mutations = 1 + random.nextInt(4);
            for (int m = 0; m < mutations; m++) {
                text = mutate(text, originals, random);
            }
            accepted += load(text, "seed " + seed + ", file " + i) ? 1 : 0;
        }
        // Some damage hurts nothing: a comment, an annotation. Much hurts.
        assertThat(accepted).isBetween(FILES / 100, FILES / 2);
    }

    private static List<String> originals() throws IOException {
        List<Path> files = new ArrayList<>(List.of(
                Path.of("src/test/resources/read-api.yaml"),
                Path.of("src/test/resources/read-api.yaml"),
                Path.of("src/test/resources/read-api.yaml")));
        try (Stream<Path> list = Files.list(Path.of("src/test/resources/diagnostics"))) {
            list.filter(p -> p.toString().endsWith(".yaml")).sorted().forEach(files::add);
        }
        List<String> originals = new ArrayList<>();
        for (Path file : files) {
            originals.add(Files.readString(file));
        }
        return originals;
    }

    private static String mutate(String text, List<String> originals, Random random) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return originals.get(0);
        }
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 8));
        String before = text.substring(0, from);
        String after = text.substring(to);
        String word = WORDS[random.nextInt(WORDS.length)];
        return switch (random.nextInt(7)) {
            case 0 -> before + after;
            case 1 -> before + word + text.substring(from);
            case 2 -> before + word + after;
            case 3 -> before + text.substring(from, to).repeat(1 + random.nextInt(20)) + after;
            case 4 -> before + (char) random.nextInt(0x10000) + after;
            case 5 -> before;
            default -> {
                String other = originals.get(random.nextInt(originals.size()));
                int start = other.isEmpty() ? 0 : random.nextInt(other.length());
                yield before + other.substring(start, Math.min(other.length(), start + 100)) + after;
            }
        };
    }

    private static boolean load(String text, String where) {
        Loaded[] loaded = new Loaded[1];
        assertThatNoException()
                .as(() -> where + "\n" + text)
                .isThrownBy(() -> loaded[0] = RuleLoader.load(List.of(new RuleSource("mutated.yaml", text)), "r1"));
        boolean refused = loaded[0].diagnostics().stream().anyMatch(Diagnostic::isError);
        assertThat(loaded[0].ruleSet().isPresent()).isEqualTo(!refused);
        SourceText lines = new SourceText("mutated.yaml", text.startsWith("\uFEFF") ? text.substring(1) : text);
        for (Diagnostic diagnostic : loaded[0].diagnostics()) {
            assertThat(diagnostic.line()).as(where + " " + diagnostic).isBetween(1, lines.lines());
            String line = lines.line(diagnostic.line());
            assertThat(diagnostic.column())
                    .as(where + " " + diagnostic)
                    .isBetween(1, line.codePointCount(0, line.length()) + 1);
            assertThat(diagnostic.message()).isNotBlank();
        }
        assertThatNoException().isThrownBy(() -> Report.TEXT.of(loaded[0].diagnostics(), loaded[0].sources()));
        return !refused;
    }
}
