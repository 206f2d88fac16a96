// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.embedded;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * The directory in which one node keeps everything: the embedded broker's log, the engine's stores, the sidecar's spool.
 * It belongs to one process at a time (a lock on {@code conjunct.lock}, released by the kernel when the process dies)
 * and says in {@code conjunct-data.json} which format it has.
 */
public final class DataDirectory implements AutoCloseable {
    /** What this version writes and reads. Raise it when an older {@code conjunct} could not read the directory. */
    static final int FORMAT = 1;

    /** What {@code conjunct-data.json} says; {@code format} as it is written there. */
    private record Format(String format, String node) {}

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;
    private String node = "";

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the directory where it is missing, takes it for this process and checks its format.
     *
     * @throws DataDirectoryException when another process has it, or it has another format
     * @throws IOException when it cannot be written
     */
    public static DataDirectory open(Path directory) throws IOException {
        Path path = requireNonNull(directory, "directory").toAbsolutePath().normalize();
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new DataDirectoryException(path + " is a file, not a directory; give --data another path");
        }
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "cannot create the data directory " + path + " (" + e + "); give --data a path that can be written",
                    e);
        }
        Path lockFile = path.resolve("conjunct.lock");
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "cannot write to the data directory " + path + " (" + e
                            + "); give --data a path that can be written",
                    e);
        }
        try {
            DataDirectory opened = new DataDirectory(path, channel, lock(path, channel));
            opened.checkFormat();
            return opened;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock lock(Path path, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new DataDirectoryException("the data directory " + path + " is in use by this very process", e);
        }
        if (lock == null) {
            String holder = holder(channel).map(pid -> " (process " + pid + ")").orElse("");
            throw new DataDirectoryException("the data directory " + path + " is in use by another conjunct" + holder
                    + "; stop that one first, or give --data another path");
        }
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        return lock;
    }

    private static Optional<String> holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? Optional.empty() : Optional.of(pid);
    }

    private void checkFormat() throws IOException {
        Path file = path.resolve("conjunct-data.json");
        if (!Files.exists(file)) {
            String id = UUID.randomUUID().toString();
            String text = "{\"format\": " + FORMAT + ", \"node\": \"" + id + "\"}\n";
            WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
            node = id;
            return;
        }
        Format found;
        try {
            found = read(Files.readString(file));
        } catch (JacksonException e) {
            throw new DataDirectoryException(
                    file + " is not JSON (expected: {\"format\": " + FORMAT
                            + "}); restore it, or give --data another path",
                    e);
        }
        if (!found.format().equals(Integer.toString(FORMAT))) {
            throw new DataDirectoryException("the data directory " + path + " has format " + found.format()
                    + ", this conjunct reads and writes format " + FORMAT
                    + "; run the version that wrote it, or give --data another path and start afresh");
        }
        node = found.node();
    }

    /** By token: the tree of a whole library would be in a sidecar's memory for two words. */
    private static Format read(String text) throws IOException {
        String format = "none";
        String node = "node";
        try (JsonParser json = new JsonFactory().createParser(text)) {
            json.nextToken();
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    if (name.equals("format")) {
                        format = json.getText();
                    } else if (name.equals("node")) {
                        node = json.getText();
                    }
                    json.skipChildren();
                }
            }
        }
        return new Format(format, node);
    }

    /** Absolute and normalised. */
    public Path path() {
        return path;
    }

    /** The identity of the node that keeps its data here, the same after every restart. */
    public String node() {
        return node;
    }

    /** Where the embedded broker keeps its log. */
    Path broker() {
        return path.resolve("kafka");
    }

    /** Gives the directory back. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            lock.release();
            channel.close();
        }
    }
}
