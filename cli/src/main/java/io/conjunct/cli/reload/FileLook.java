// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.rule.RuleLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What files look like from outside: size, time and inode by name, equal as long as nothing is written. One looks instead of being
 * told, because the kernel's messages say nothing of a link above the directory that is turned, of directories that are
 * new, or of a remote file system.
 */
public final class FileLook {
    private static final int MAX_DEPTH = 32;

    private FileLook() {}

    /**
     * Looks at a file, or at those below a directory; nothing where there is neither. At most {@link RuleLoader#MAX_FILES}
     * and one more are looked at.
     *
     * @param wanted of the files below a directory, by their path from there
     */
    public static Map<Path, String> at(Path root, Predicate<Path> wanted) {
        Map<Path, String> seen = new TreeMap<>();
        if (!Files.exists(root)) {
            return seen;
        }
        try {
            Path real = root.toRealPath();
            try (Stream<Path> walk = Files.walk(real, MAX_DEPTH)) {
                walk.filter(path -> path.equals(real) ? Files.isRegularFile(path) : wanted.test(real.relativize(path)))
                        .limit(RuleLoader.MAX_FILES + 1L)
                        .forEach(path -> seen.put(path, outside(path)));
            }
        } catch (IOException | UncheckedIOException e) {
            // A directory that changes while it is looked at is not still.
            seen.put(root, e.toString());
        }
        return seen;
    }

    private static String outside(Path path) {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            return file.size() + " " + file.lastModifiedTime() + " " + file.fileKey();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
