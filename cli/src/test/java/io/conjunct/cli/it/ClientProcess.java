// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** An application in a process of its own that takes words on stdin and, when that ends, prints its book and exits. */
final class ClientProcess implements AutoCloseable {
    private final Path stdout;
    private final Path stderr;
    private final Process process;
    private final OutputStream words;

    /**
     * @param directory for what it writes
     */
    ClientProcess(Path directory, List<String> command, Map<String, String> environment) throws IOException {
        stdout = directory.resolve("client-stdout.log");
        stderr = directory.resolve("client-stderr.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        words = process.getOutputStream();
    }

    void say(String word) throws IOException {
        words.write((word + "\n").getBytes(StandardCharsets.UTF_8));
        words.flush();
    }

    /** Ends it and gives its book: what stands before and after the {@code =} of each line of its output. */
    SortedMap<String, Integer> finish() throws Exception {
        words.close();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
        assertThat(process.exitValue()).as(Files.readString(stderr)).isZero();
        SortedMap<String, Integer> book = new TreeMap<>();
        for (String line : Files.readAllLines(stdout)) {
            int equals = line.lastIndexOf('=');
            book.put(line.substring(0, equals), Integer.valueOf(line.substring(equals + 1)));
        }
        return book;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
