// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void open_missingDirectory_createsItAndSaysItsFormat() throws IOException {
        Path data = directory.resolve("a/b");
        try (DataDirectory opened = DataDirectory.open(data)) {
            assertThat(opened.path()).isEqualTo(data);
            assertThat(data.resolve("conjunct-data.json")).content().startsWith("{\"format\": 1,");
        }
    }

    @Test
    void node_afterReopening_isTheSame() throws IOException {
        String node;
        try (DataDirectory opened = DataDirectory.open(directory)) {
            node = opened.node();
            assertThat(node).isNotEmpty();
        }
        try (DataDirectory opened = DataDirectory.open(directory)) {
            assertThat(opened.node()).isEqualTo(node);
        }
    }

    @Test
    void open_twice_isRefused() throws IOException {
        try (DataDirectory opened = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> DataDirectory.open(opened.path()))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("is in use");
        }
        DataDirectory.open(directory).close();
    }

    @Test
    void open_otherFormat_namesBothAndTheFix() throws IOException {
        Files.writeString(directory.resolve("conjunct-data.json"), "{\"format\": 7}");
        assertThatThrownBy(() -> DataDirectory.open(directory))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("has format 7, this conjunct reads and writes format 1")
                .hasMessageContaining("--data");
    }

    @Test
    void open_damagedFormat_isRefused() throws IOException {
        Files.writeString(directory.resolve("conjunct-data.json"), "{\"for");
        assertThatThrownBy(() -> DataDirectory.open(directory))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("is not JSON");
    }

    @Test
    void open_file_isRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("data"), "");
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("is a file");
    }
}
