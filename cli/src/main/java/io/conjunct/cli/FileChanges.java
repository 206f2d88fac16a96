// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Waits until something changes in directories; those that appear later inside them are not seen. */
final class FileChanges implements AutoCloseable {
    /** Editors save in several steps; a run starts when nothing has happened for this long. */
    private static final long QUIET_MILLIS = 150;

    private static final int MAX_DEPTH = 32;

    private final WatchService watcher;
    private final Set<Path> directories = new TreeSet<>();

    FileChanges(List<Path> roots) throws IOException {
        watcher = FileSystems.getDefault().newWatchService();
        for (Path root : roots) {
            if (!Files.isDirectory(root)) {
                Path parent = root.toAbsolutePath().getParent();
                if (parent != null && Files.isDirectory(parent)) {
                    directories.add(parent);
                }
                continue;
            }
            try (Stream<Path> walk = Files.walk(root, MAX_DEPTH)) {
                walk.filter(Files::isDirectory)
                        .filter(p -> Stream.of(root.relativize(p).toString().split("[/\\\\]", -1))
                                .noneMatch(part -> part.startsWith(".")))
                        .forEach(directories::add);
            }
        }
        for (Path directory : directories) {
            directory.register(
                    watcher,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        }
    }

    int directories() {
        return directories.size();
    }

    /** Returns when a YAML file has changed and things are quiet again; false when nothing can change any more. */
    boolean await() throws InterruptedException {
        try {
            boolean changed = false;
            while (true) {
                WatchKey key = changed ? watcher.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : watcher.take();
                if (key == null) {
                    return true;
                }
                changed |= key.pollEvents().stream()
                        .map(e -> String.valueOf(e.context()))
                        .anyMatch(name -> name.endsWith(".yaml") || name.endsWith(".yml"));
                if (!key.reset()) {
                    return false;
                }
            }
        } catch (ClosedWatchServiceException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        watcher.close();
    }
}
