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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong rule files and exactly what is said about them: {@code diagnostics/*.yaml}, with the report beside each. After a
 * change on purpose run with {@code -Dgolden.write=true} and read the difference.
 */
class DiagnosticsGoldenTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/diagnostics");

    static Stream<String> files() throws IOException {
        try (Stream<Path> list = Files.list(DIRECTORY)) {
            return list
                    .map(p -> p.getFileName().toString())
                    .filter(n -> n.endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void file_isExplained(String name) throws IOException {
        RuleSource source = new RuleSource(name, Files.readString(DIRECTORY.resolve(name)));
        Loaded loaded = RuleLoader.load(List.of(source), "r1");
        String report = Report.TEXT.of(loaded.diagnostics(), loaded.sources());
        Path golden = DIRECTORY.resolve(name.replace(".yaml", ".txt"));
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, report);
        }
        assertThat(report).isEqualTo(Files.readString(golden));
    }
}
