// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java modules that the image has are enough for the sidecar alone and for everything together. */
@Tag("soak")
class LinkedRuntimeIT {
    private static final Path LAUNCHER =
            Path.of("target", "dist", "bin", "conjunct").toAbsolutePath();
    private static final Path RULES =
            Path.of("..", "rules", "examples").toAbsolutePath().normalize();
    private static final Path LINK = Path.of("..", "docker", "link-runtime").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void linkedRuntime_startsTheSidecarAndTheWhole_andBothEndWell() throws Exception {
        Path java = directory.resolve("java");
        Process linking = new ProcessBuilder(LINK.toString(), java.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("link.log").toFile())
                .start();
        assertThat(linking.waitFor())
                .as(Files.readString(directory.resolve("link.log")))
                .isZero();
        startAndEnd(java, "ingest", "--kafka=127.0.0.1:1");
        startAndEnd(java, "run");
    }

    private void startAndEnd(Path java, String role, String... options) throws IOException, InterruptedException {
        Path log = directory.resolve(role + ".log");
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), role));
        command.addAll(List.of(options));
        command.add("--data=" + directory.resolve(role));
        command.add("--rules=" + RULES);
        command.addAll(List.of("--admin-port=0", "--otlp-grpc-port=0", "--otlp-http-port=0"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().put("CONJUNCT_CACHE", directory.resolve("cache").toString());
        Process process = builder.start();
        try {
            await().atMost(Duration.ofMinutes(4)).untilAsserted(() -> {
                assertThat(Files.readString(log)).contains("Started in");
            });
            process.destroy();
            assertThat(process.waitFor()).as(Files.readString(log)).isZero();
            assertThat(Files.readString(log)).doesNotContain("NoClassDefFoundError", "ClassNotFoundException");
        } finally {
            process.destroyForcibly();
        }
    }
}
