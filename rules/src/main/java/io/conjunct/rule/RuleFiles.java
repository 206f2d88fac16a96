// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds and reads the rule files of a directory, within bounds. */
public final class RuleFiles {
    private static final int MAX_DEPTH = 32;
    private static final Set<String> NOT_RULES =
            Set.of("receivers.yaml", "receivers.yml", "conjunct.yaml", "conjunct.yml");

    private RuleFiles() {}

    /** The rule files of a directory, or one file; what cannot be read is a finding. */
    public static List<RuleSource> read(Path directory, Findings findings) throws IOException {
        if (!Files.exists(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        List<Path> files = Files.isRegularFile(directory) ? List.of(directory) : list(directory);
        if (files.size() > RuleLoader.MAX_FILES) {
            findings.error(
                    "file/too-many",
                    Place.startOf(name(directory)),
                    files.size() + " rule files (expected: at most " + RuleLoader.MAX_FILES + ")",
                    "point to the directory of the rules, or join files");
            return List.of();
        }
        List<RuleSource> sources = new ArrayList<>();
        for (Path file : files) {
            readFile(file, findings).ifPresent(sources::add);
        }
        return sources;
    }

    private static List<Path> list(Path directory) throws IOException {
        // The directory may be a link; links to directories inside it are not followed.
        Path real = directory.toRealPath();
        try (Stream<Path> walk = Files.walk(real, MAX_DEPTH)) {
            return walk.map(real::relativize)
                    .filter(RuleFiles::isRuleFile)
                    .filter(p -> Files.isRegularFile(real.resolve(p)))
                    .limit(RuleLoader.MAX_FILES + 1L)
                    .sorted()
                    .map(directory::resolve)
                    .toList();
        }
    }

    /** Whether a path below a rules directory is that of a rule file, by its name. */
    static boolean isRuleFile(Path relative) {
        for (Path part : relative) {
            // Kubernetes mounts a ConfigMap's files twice: once under a hidden directory.
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        String name = String.valueOf(relative.getFileName());
        return (name.endsWith(".yaml") || name.endsWith(".yml"))
                && !name.endsWith(".test.yaml")
                && !name.endsWith(".test.yml")
                && !NOT_RULES.contains(name);
    }

    /** Reads one file, if it is UTF-8 text of a bearable size. */
    public static Optional<RuleSource> readFile(Path file, Findings findings) {
        String path = name(file);
        Place start = Place.startOf(path);
        try {
            if (Files.size(file) > RuleLoader.MAX_FILE_BYTES) {
                findings.error("file/too-large", start, "the file is larger than 1 MiB", "split it into several files");
                return Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(file);
            return Optional.of(new RuleSource(
                    path,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString()));
        } catch (CharacterCodingException e) {
            findings.error(
                    "file/not-text", start, "the file is not UTF-8 text", "save it as UTF-8, or move it elsewhere");
        } catch (IOException e) {
            findings.error("file/unreadable", start, "the file cannot be read: " + e, "check its permissions");
        }
        return Optional.empty();
    }

    private static String name(Path path) {
        return path.toString().replace('\\', '/');
    }
}
