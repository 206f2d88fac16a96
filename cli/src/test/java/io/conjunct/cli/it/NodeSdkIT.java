// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.sink.fakes.FakePagerDuty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unmodified OpenTelemetry SDK for Node with its OTLP/HTTP JSON exporter. Runs with {@code -Pnode} and needs
 * {@code node} and {@code npm}, which fetches the SDK that {@code src/test/node/package-lock.json} pins.
 */
@Tag("node")
final class NodeSdkIT {
    private static final Path SOURCES = Path.of("src", "test", "node");
    private static final Path INSTALLED = Path.of("target", "node");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void slowReadsWithAWarmCache_pageOnceAndResolve_andEverySpanIsCounted() throws Exception {
        install();
        try (FakePagerDuty pagerDuty = FakePagerDuty.start();
                ConjunctProcess conjunct = new ConjunctProcess(directory.resolve("conjunct"))
                        .rule("node.yaml", CachePathRules.of("node"))
                        .pages(pagerDuty)) {
            conjunct.startAndAwaitReady();
            PagedOnce paged = new PagedOnce(conjunct, pagerDuty, "node");
            SortedMap<String, Integer> traced;
            try (ClientProcess api = new ClientProcess(
                    directory,
                    List.of("node", INSTALLED.resolve("read-api.mjs").toString()),
                    Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", conjunct.otlpHttp("").toString()))) {
                api.say("slow");
                paged.awaitFiring();
                api.say("fast");
                paged.awaitResolved();
                traced = api.finish();
            }
            new Log(conjunct.bootstrap())
                    .awaitCounts("node", counts -> assertThat(counts).isEqualTo(traced));
            assertThat(conjunct.metric("conjunct_ingest_accepted_total", "transport=\"http_json\""))
                    .hasValue(traced.values().stream().mapToInt(each -> each).sum());
            paged.assertOnePage();
        }
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        for (String file : List.of("package.json", "package-lock.json", "read-api.mjs")) {
            Files.copy(SOURCES.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Process npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(INSTALLED.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(npm.waitFor()).as(output).isZero();
    }
}
