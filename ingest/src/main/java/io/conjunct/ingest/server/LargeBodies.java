// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.pieces.StoredRequest;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Request bodies that are too long for memory lie in files beside the spool until they were read. A file has no name from
 * the moment it is open, so it is gone with its process, however that ends; nobody but its owner may read it.
 *
 * <p>Bounds: a longest body, {@value #BODIES} times as much for all bodies at a time, and half of that for those of one
 * sender. Thread-safe.
 */
public final class LargeBodies {
    /** What is shorter stays in memory. */
    static final long SHORTEST = 4 * 1024 * 1024;

    private static final int BODIES = 4;
    private static final String PREFIX = "body-";
    private static final String SUFFIX = ".tmp";

    /** What a channel is given at a time: it copies through memory outside of the heap, of the same length. */
    private static final int WINDOW = 16 * 1024;

    private final Path directory;
    private final long longest;
    private final long budget;
    private final AtomicLong held = new AtomicLong();

    /**
     * Removes what a process left that was killed while it opened a file.
     *
     * @param directory where files are made; there already
     * @param longest bytes of a body
     */
    public LargeBodies(Path directory, long longest) throws IOException {
        this.directory = directory;
        this.longest = longest;
        this.budget = BODIES * longest;
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
    }

    /** Bytes of the longest body. */
    long longest() {
        return longest;
    }

    /** Bytes of all bodies that are held now. */
    long held() {
        return held.get();
    }

    /** An empty body, to be closed once whatever happens to it. */
    LargeBody open(Sender sender) throws IOException {
        Path file = directory.resolve(PREFIX + UUID.randomUUID() + SUFFIX);
        return new LargeBody(
                sender,
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.DELETE_ON_CLOSE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }

    /** A body in a file. For one thread at a time. */
    final class LargeBody implements StoredRequest, AutoCloseable {
        private final Sender sender;
        private final FileChannel file;
        private long length;

        private LargeBody(Sender sender, FileChannel file) {
            this.sender = sender;
            this.file = file;
        }

        /** Adds the beginning of an array. */
        void append(byte[] bytes, int count) throws IOException, TooLongException, NoRoomException {
            if (length + count > longest) {
                throw new TooLongException();
            }
            long own = sender.holdOnDisk(count);
            if (held.addAndGet(count) > budget || own > budget / 2) {
                giveBack(count);
                throw new NoRoomException();
            }
            length += count;
            ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
            while (rest.hasRemaining()) {
                rest.limit(Math.min(count, rest.position() + WINDOW));
                file.write(rest);
                rest.limit(count);
            }
        }

        private void giveBack(long bytes) {
            held.addAndGet(-bytes);
            sender.holdOnDisk(-bytes);
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public int read(ByteBuffer to, long at) throws IOException {
            int limit = to.limit();
            to.limit(Math.min(limit, to.position() + WINDOW));
            int read = file.read(to, at);
            to.limit(limit);
            return read;
        }

        /** Once is enough, twice does no harm. */
        @Override
        public void close() {
            giveBack(length);
            length = 0;
            try {
                file.close();
            } catch (IOException e) {
                // Nothing of it is needed any more, and it has no name.
            }
        }
    }
}
