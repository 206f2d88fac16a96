// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.conjunct.check.RuleFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of {@code docs/rule-language.md} are rule files without a finding. */
class DocumentationTest {
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

    static List<String> examples() throws IOException {
        String page = Files.readString(Path.of("../docs/rule-language.md"));
        return EXAMPLE.matcher(page)
                .results()
                .map((MatchResult example) -> example.group(1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void example_isReadWithoutAFinding(String example) {
        Loaded loaded = RuleFile.load(example);
        assertThat(loaded.diagnostics()).isEmpty();
        assertThat(loaded.ruleSet()).isPresent();
    }

    @Test
    void exampleOfANewVersion_isTheFileThatIsTested() throws IOException {
        String file = Files.readString(Path.of("examples", "versions.yaml"));
        String groups = file.substring(file.indexOf("groups:"));
        assertThat(Files.readString(Path.of("../docs/messages.md"))).contains("```yaml\n" + groups + "```");
    }

    /** The reference is complete: each key of the schema stands in it, as a word of its own or in an example. */
    @Test
    void everyKeyOfTheSchema_isExplained() throws IOException {
        String page = Files.readString(Path.of("../docs/rule-language.md"));
        List<String> missing = new ArrayList<>();
        JsonNode schema = RuleSchema.json();
        List<JsonNode> definitions = new ArrayList<>(List.of(schema));
        schema.path("$defs").forEach(definitions::add);
        for (JsonNode definition : definitions) {
            definition.path("properties").fieldNames().forEachRemaining(key -> {
                if (!page.contains("`" + key + "`") && !page.contains(key + ":")) {
                    missing.add(key);
                }
            });
        }
        assertThat(missing).isEmpty();
    }
}
