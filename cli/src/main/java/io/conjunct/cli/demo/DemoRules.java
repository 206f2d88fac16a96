// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** The rule file of the demonstration, and the numbers in it that the story tells. */
final class DemoRules {
    static final String FILE = "read-api.yaml";
    static final String LATENCY = "read_p99";
    static final String HIT_RATIO = "hit_ratio";
    /** {@code read_p99 > 300ms}. */
    static final double LATENCY_ABOVE_SECONDS = 0.300;
    /** {@code hit_ratio > 80%}. */
    static final double HIT_RATIO_ABOVE = 0.80;
    /** {@code for: 8s}. */
    static final Duration FOR = Duration.ofSeconds(8);

    private DemoRules() {}

    /** Writes the file for the user to open, over one of an earlier demonstration. */
    static Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(FILE);
        try (InputStream resource = DemoRules.class.getResourceAsStream(FILE)) {
            if (resource == null) {
                throw new IllegalStateException("the jar lacks " + FILE);
            }
            Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
