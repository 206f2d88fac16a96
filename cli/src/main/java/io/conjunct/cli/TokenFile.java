// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.ingest.server.ClientToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The file of {@code --otlp-tokens}: a list {@code tokens} whose entries have a {@code name}, a {@code token} and, if they
 * like, {@code bytes_per_second} and {@code events_per_second}. At most 1 MiB and {@value #MOST} tokens. What is wrong is
 * told by place, never by showing what stands there: it may be a secret.
 */
final class TokenFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MOST = 1_000;
    private static final Set<String> KEYS = Set.of("name", "token", "bytes_per_second", "events_per_second");

    private final Path file;

    TokenFile(Path file) {
        this.file = file;
    }

    /** @throws ConfigurationProblem when the file cannot be read or is not as it should be */
    List<ClientToken> read() {
        return parse(text());
    }

    String text() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw problem("larger than " + MAX_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw problem("cannot be read as UTF-8 text; check its path and who may read it");
        }
    }

    List<ClientToken> parse(String text) {
        Object top;
        try {
            top = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw problem("line " + line + " is not YAML");
        } catch (YAMLException e) {
            throw problem("not YAML");
        }
        if (!(top instanceof Map<?, ?> map) || !map.keySet().equals(Set.of("tokens"))) {
            throw problem("has to have one key, 'tokens'");
        }
        if (!(map.get("tokens") instanceof List<?> list) || list.isEmpty() || list.size() > MOST) {
            throw problem("'tokens' has to be a list of 1 to " + MOST + " entries");
        }
        List<ClientToken> tokens = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            ClientToken token = entry("entry " + (i + 1), list.get(i));
            if (!names.add(token.name())) {
                throw problem("entry " + (i + 1) + " has a name that an earlier one has");
            }
            if (!secrets.add(token.token())) {
                throw problem("entry " + (i + 1) + " has the token of an earlier one; give each client its own");
            }
            tokens.add(token);
        }
        return List.copyOf(tokens);
    }

    private ClientToken entry(String where, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> entry)) {
            throw problem(where + " has to have a name and a token");
        }
        if (!KEYS.containsAll(entry.keySet())) {
            throw problem(where + " has a key that is not one of name, token, bytes_per_second, events_per_second");
        }
        try {
            return new ClientToken(
                    text(where, entry, "name"),
                    text(where, entry, "token"),
                    number(where, entry, "bytes_per_second"),
                    number(where, entry, "events_per_second"));
        } catch (IllegalArgumentException e) {
            throw problem(where + ": " + e.getMessage());
        }
    }

    private String text(String where, Map<?, ?> entry, String key) {
        if (entry.get(key) instanceof String text) {
            return text;
        }
        throw problem(where + " needs a " + key + " that is text; put it in quotes");
    }

    private long number(String where, Map<?, ?> entry, String key) {
        Object value = entry.get(key);
        if (value == null) {
            return 0;
        }
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw problem(where + ": " + key + " has to be a whole number");
    }

    private ConfigurationProblem problem(String what) {
        return new ConfigurationProblem("--otlp-tokens " + file + ": " + what);
    }
}
