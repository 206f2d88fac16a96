// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** The directory of one run, deleted behind it. */
record Scratch(Path directory) implements AutoCloseable {
    static Scratch create(String name) throws IOException {
        return new Scratch(Files.createTempDirectory("conjunct-" + name));
    }

    /** Two columns. */
    static String table(Map<String, String> rows) {
        StringBuilder text = new StringBuilder("| | |\n|---|---:|\n");
        rows.forEach((what, value) ->
                text.append("| ").append(what).append(" | ").append(value).append(" |\n"));
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
