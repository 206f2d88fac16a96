// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is written aside and moved, so that a crash never leaves half of it. */
public final class WholeFile {
    private WholeFile() {}

    /** Replaces what the file had, if it was there. */
    public static void write(Path file, byte[] content) throws IOException {
        Path written = file.resolveSibling(requireNonNull(file.getFileName(), "file") + ".new");
        Files.write(written, content);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
