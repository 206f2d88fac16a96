// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.reload.FileLook;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Tells which YAML files have changed since they were read: below some paths, whatever comes and goes there, and some named
 * ones elsewhere. Looks five times a second.
 */
final class FileChanges {
    private static final long PERIOD_MILLIS = 200;

    private final List<Path> roots;
    private final TreeSet<Path> named = new TreeSet<>();
    private Map<Path, String> read = Map.of();

    /**
     * @param roots directories, or files themselves
     */
    FileChanges(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /** What is there now is about to be read, and these as well; returns how many files that are. */
    int reading(Collection<Path> more) {
        named.addAll(more);
        read = look();
        return read.size();
    }

    /** Waits until files are other than when they were read, and still: editors save in several steps. */
    List<Path> await() throws InterruptedException {
        Map<Path, String> before = read;
        while (true) {
            TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            Map<Path, String> now = look();
            if (now.equals(before) && !now.equals(read)) {
                return changed(now);
            }
            before = now;
        }
    }

    private List<Path> changed(Map<Path, String> now) {
        TreeSet<Path> all = new TreeSet<>(read.keySet());
        all.addAll(now.keySet());
        return all.stream()
                .filter(path -> !Objects.equals(read.get(path), now.get(path)))
                .toList();
    }

    private Map<Path, String> look() {
        Map<Path, String> seen = new TreeMap<>();
        roots.forEach(root -> seen.putAll(FileLook.at(root, FileChanges::isYaml)));
        named.forEach(file -> seen.putAll(FileLook.at(file, below -> false)));
        return seen;
    }

    private static boolean isYaml(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        String name = relative.toString();
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }
}
