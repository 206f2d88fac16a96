// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The test files under some paths, and how they went. */
public final class Suite {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_FILES = 10_000;

    private final List<FileOutcome> files;

    Suite(List<FileOutcome> files) {
        this.files = List.copyOf(files);
    }

    /** How a suite ended. */
    public enum End {
        PASSED,
        FAILED,
        /** A file cannot be used, so that its tests have not run. */
        BROKEN
    }

    /**
     * The test files ({@code *.test.yaml}, {@code *.test.yml}) under these paths at any depth, sorted; hidden names are left
     * out.
     *
     * @throws NoSuchFileException when a path does not exist
     */
    public static List<Path> find(List<Path> paths) throws IOException {
        Set<Path> files = new LinkedHashSet<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            if (Files.isRegularFile(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> walk = Files.walk(path, MAX_DEPTH)) {
                walk.filter(p -> isTest(path.relativize(p)))
                        .filter(Files::isRegularFile)
                        .limit(MAX_FILES)
                        .sorted()
                        .map(Path::normalize)
                        .forEach(files::add);
            }
        }
        return List.copyOf(files);
    }

    private static boolean isTest(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        String name = String.valueOf(relative.getFileName());
        return name.endsWith(".test.yaml") || name.endsWith(".test.yml");
    }

    /** The rule files that these test files name, sorted, whether they exist or not. */
    public static List<Path> rules(List<Path> files) {
        return files.stream()
                .flatMap(file -> ScenarioReader.rules(file).stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Runs the tests of these files, one after the other. */
    public static Suite run(List<Path> files) {
        List<FileOutcome> outcomes = new ArrayList<>();
        files.forEach(file -> outcomes.add(FileOutcome.of(ScenarioReader.read(file))));
        return new Suite(outcomes);
    }

    /** Broken beats failed beats passed. */
    public End end() {
        if (files.stream().anyMatch(f -> !f.file().problems().isEmpty())) {
            return End.BROKEN;
        }
        return files.stream().allMatch(FileOutcome::passed) ? End.PASSED : End.FAILED;
    }

    /** The tests that were run. */
    public int tests() {
        return files.stream().mapToInt(f -> f.outcomes().size()).sum();
    }

    /** Why files cannot be used. */
    public List<Diagnostic> problems() {
        return files.stream().flatMap(f -> f.file().problems().stream()).toList();
    }

    List<FileOutcome> files() {
        return files;
    }
}
