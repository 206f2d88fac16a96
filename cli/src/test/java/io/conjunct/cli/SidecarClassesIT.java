// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar alone, as packaged, has nothing of the engine's host, the broker or RocksDB in memory. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class SidecarClassesIT {
    private static final Path LAUNCHER =
            Path.of("target", "dist", "bin", "conjunct").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void sidecarWithRules_loadsNeitherStreamsNorRocksDbNorTheBroker() throws Exception {
        Path classes = directory.resolve("classes");
        Path log = directory.resolve("log");
        Path rules = Files.createDirectories(directory.resolve("rules"));
        Files.copy(Path.of("..", "rules", "examples", "read-api.yaml"), rules.resolve("read-api.yaml"));
        ProcessBuilder builder = new ProcessBuilder(
                        LAUNCHER.toString(),
                        "ingest",
                        "--kafka=127.0.0.1:1",
                        "--rules=" + rules,
                        "--data=" + directory.resolve("data"),
                        "--admin-port=0",
                        "--otlp-grpc-port=0",
                        "--otlp-http-port=0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("CONJUNCT_CDS", "off");
        builder.environment().put("CONJUNCT_JAVA_OPTS", "-Xlog:class+load:file=" + classes);
        Process process = builder.start();
        try {
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(Files.readString(log)).contains("Started in"));
        } finally {
            process.destroy();
            process.waitFor();
        }
        List<String> loaded = Files.readAllLines(classes);
        assertThat(loaded).anyMatch(line -> line.contains(" io.conjunct.ingest.Sidecar "));
        assertThat(loaded)
                .noneMatch(line -> line.contains(" org.rocksdb.")
                        || line.contains(" org.apache.kafka.streams.")
                        || line.contains(" kafka.server."));
    }
}
