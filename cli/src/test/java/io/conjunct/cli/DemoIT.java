// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer sees: the packaged product, a real OpenTelemetry SDK in its own process, 80 to 100 s. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class DemoIT {
    @Test
    void demo_goesAsTold(@TempDir Path directory) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of("target", "dist", "bin", "conjunct")
                                .toAbsolutePath()
                                .toString(),
                        "demo",
                        "--data",
                        directory.resolve("demo").toString())
                .redirectErrorStream(true);
        builder.environment().put("CONJUNCT_CDS", "off");
        builder.environment().put("CONJUNCT_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("Only one leg held for long: weather. Nobody was paged.")
                .containsOnlyOnce("| PAGE FIRING: Reads are slow")
                .containsOnlyOnce("| PAGE RESOLVED: Reads are slow")
                .contains("1 page went out")
                .doesNotContain("\u001B[");
        assertToldAsInTheReadme(output);
        assertThat(directory.resolve("demo/rules/read-api.yaml")).exists();
        // Ours only: on an overloaded machine Kafka logs requests as errors that it then repeats with success.
        assertThat(Files.readAllLines(directory.resolve("demo/conjunct.log")))
                .filteredOn(line -> line.matches(".* ERROR io?\\.c\\w*\\..*"))
                .isEmpty();
    }

    /** Every line of the README's excerpt, in its order; only numbers, times, ids and trends may differ. */
    private static void assertToldAsInTheReadme(String output) throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        Matcher excerpt = Pattern.compile("it shows this \\(shortened\\):\\s+```\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertThat(excerpt.find())
                .as("the README's excerpt of the demonstration")
                .isTrue();
        List<String> promised = excerpt.group(1)
                .lines()
                .map(DemoIT::shape)
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(promised).hasSizeGreaterThan(10);
        assertThat(output.lines().map(DemoIT::shape)).containsSubsequence(promised);
    }

    private static String shape(String line) {
        return line.strip()
                .replaceAll("\\s+", " ")
                .replaceAll("\\b[0-9a-f]{32}\\b", "TRACE")
                .replaceAll("[▁▂▃▄▅▆▇█·]+", "TREND")
                .replaceAll("\\d+([.,:-]\\d+)*", "N");
    }
}
