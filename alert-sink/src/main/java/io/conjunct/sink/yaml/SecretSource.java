// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.yaml;

import io.conjunct.sink.receiver.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where secrets come from: {@code ${env:NAME}} from the environment, or a file of at most {@value #MAX_FILE} bytes, its
 * path relative to the receivers file, white space around the secret removed.
 */
public record SecretSource(Map<String, String> environment, Path directory) {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([A-Za-z_][A-Za-z0-9_]*)}");
    private static final int MAX_FILE = 64 * 1024;

    public SecretSource {
        environment = Map.copyOf(environment);
    }

    /** Whether the text is a reference, not the secret itself. */
    static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    /**
     * The secret a reference names.
     *
     * @throws IllegalArgumentException naming the variable, when it is not set
     */
    Secret environment(String reference) {
        Matcher matcher = REFERENCE.matcher(reference);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a reference (expected: \"${env:NAME}\")");
        }
        String value = environment.getOrDefault(matcher.group(1), "").strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("environment variable " + matcher.group(1) + " is not set; set it");
        }
        return new Secret(value);
    }

    /**
     * The secret a file holds.
     *
     * @throws IllegalArgumentException naming the file, when it cannot be read, is empty or too large
     */
    Secret file(String path) {
        try {
            Path file = directory.resolve(path);
            if (Files.size(file) > MAX_FILE) {
                throw new IllegalArgumentException("file " + path + " is larger than " + MAX_FILE + " bytes");
            }
            String value = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (value.isEmpty()) {
                throw new IllegalArgumentException("file " + path + " is empty; write the secret into it");
            }
            return new Secret(value);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw new IllegalArgumentException("file " + path + " cannot be read; check its path and permissions");
        }
    }

    /** Without the values of the environment. */
    @Override
    public String toString() {
        return "SecretSource[" + directory + "]";
    }
}
