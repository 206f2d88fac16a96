// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Puts the same case before Prometheus and before us. {@code S02-within.promtool} is a file for {@code promtool test rules}
 * whose expectations are what Prometheus does; it stands beside {@code S02-within.test.yaml}, which is what we do. The
 * table of both is {@code docs/conformance.md}: the default build checks that it is up to date, the profile
 * {@code promtool} checks the peer and writes it.
 */
final class ConformanceTableTest {
    private static final Path CASES = Path.of("conformance");
    private static final Path TABLE = Path.of("../docs/conformance.md");
    private static final Pattern MEASURED = Pattern.compile("M(\\d+)(?: to M(\\d+))?");
    private static final Pattern CASE = Pattern.compile("# case: (.*)\\n# verdict: (.*)\\n");

    @Test
    void table_isUpToDate() throws IOException {
        assertThat(Files.readString(TABLE))
                .as("run: mvn -Ppromtool -pl rules test")
                .isEqualTo(table());
    }

    @Test
    @Tag("prometheus")
    void promtool_doesWhatTheTableSays() throws IOException, InterruptedException {
        for (Path peer : peers()) {
            Process promtool = new ProcessBuilder("promtool", "test", "rules", String.valueOf(peer.getFileName()))
                    .directory(CASES.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(promtool.waitFor()).as(peer + "\n" + output).isZero();
        }
        Files.createDirectories(TABLE.resolveSibling("."));
        Files.writeString(TABLE, table());
    }

    /** What was measured of the peers before this engine was begun, M1 to M17, is all in the table. */
    @Test
    void measuredFailuresOfThePeers_areAllInTheTable() throws IOException {
        SortedSet<Integer> named = new TreeSet<>();
        for (Path peer : peers()) {
            Matcher numbers =
                    MEASURED.matcher(Files.readString(peer).lines().findFirst().orElse(""));
            while (numbers.find()) {
                int first = Integer.parseInt(numbers.group(1));
                int last = numbers.group(2) == null ? first : Integer.parseInt(numbers.group(2));
                IntStream.rangeClosed(first, last).forEach(named::add);
            }
        }
        assertThat(named)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 17).boxed().toList());
    }

    private static List<Path> peers() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.filter(f -> f.toString().endsWith(".promtool"))
                    .sorted()
                    .toList();
        }
    }

    private static String table() throws IOException {
        StringBuilder out = new StringBuilder("""
                # Conformance

                The cases of `rules/conformance` that both can express, put before Prometheus (promtool 2.42, by
                `promtool test rules`) and before Conjunct (by `conjunct test rules/conformance`). Written by
                `mvn -Ppromtool -pl rules test`; do not edit.

                | Case | Prometheus | Conjunct |
                |---|---|---|
                """);
        for (Path peer : peers()) {
            Matcher head = CASE.matcher(Files.readString(peer));
            assertThat(head.lookingAt())
                    .as("%s starts with # case: and # verdict:", peer)
                    .isTrue();
            String name = String.valueOf(peer.getFileName()).replace(".promtool", "");
            FileOutcome ours = FileOutcome.of(ScenarioReader.read(CASES.resolve(name + ".test.yaml")));
            String results = ours.outcomes().stream()
                    .map(o -> (o.passed() ? "" : "**FAILED** ") + o.name() + ": " + seen(o))
                    .collect(Collectors.joining("<br>"));
            out.append("| [")
                    .append(name, 0, 3)
                    .append("](../rules/conformance/")
                    .append(name)
                    .append(".test.yaml) ")
                    .append(head.group(1))
                    .append(" | ")
                    .append(head.group(2))
                    .append(" | ")
                    .append(results)
                    .append(" |\n");
        }
        out.append("""

                ## Where each number is decided

                A number that rules and events can tell is a scenario file; what they cannot tell (reloads, disorder, other
                processes) is a test of its own.

                | Number | What must not happen | Decided by |
                |---|---|---|
                """);
        for (Numbered numbered : Numbered.ALL) {
            out.append("| ")
                    .append(numbered.name())
                    .append(" | ")
                    .append(numbered.pitfall())
                    .append(" | ")
                    .append(numbered.proofs(CASES))
                    .append(" |\n");
        }
        return out.toString();
    }

    /** There are 33 pitfalls, and none without a file or a test. */
    @Test
    void everyNumber_isDecidedBySomething() throws IOException {
        assertThat(Numbered.ALL)
                .extracting(Numbered::name)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 33)
                        .mapToObj(number -> String.format(Locale.ROOT, "S%02d", number))
                        .toList());
        for (Numbered numbered : Numbered.ALL) {
            assertThat(numbered.proofs(CASES)).as(numbered.name()).isNotEmpty();
        }
    }

    @Test
    void everyScenarioFile_hasItsNumber() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            List<String> numbers = Numbered.ALL.stream().map(Numbered::name).toList();
            assertThat(files.map(f -> String.valueOf(f.getFileName()).substring(0, 3))
                            .distinct())
                    .isSubsetOf(numbers);
        }
    }

    private static String seen(Outcome outcome) {
        return outcome.seen().isEmpty()
                ? "no alert"
                : outcome.seen().stream()
                        .map(s -> s.identity() + " at " + Expected.time(s.firing()))
                        .collect(Collectors.joining(", "));
    }
}
