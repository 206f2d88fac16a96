// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.Bytes.Body;
import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import io.conjunct.ingest.server.LargeBodies.LargeBody;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body of which nobody knows how long it will be: it grows in memory as far as that goes, and from there on in a file,
 * with at most {@value #IN_MEMORY} bytes in memory at a time. For one thread at a time.
 */
final class ArrivingBody {
    private static final int IN_MEMORY = 512 * 1024;

    /** What one call of {@link #append} may bring: as much as is read from a connection at a time. */
    static final int CHUNK = 64 * 1024;

    private final Sender sender;
    private final LargeBodies files;
    private final Body memory;
    private int room;
    private @Nullable LargeBody file;

    /**
     * Nothing is held at first.
     *
     * @param announced how long it will be, as its sender says; negative when it says nothing
     */
    ArrivingBody(Sender sender, Bytes bytes, LargeBodies files, long announced) {
        this.sender = sender;
        this.files = files;
        this.memory = bytes.begin(sender);
        int most = (int) Math.min(bytes.longest(), LargeBodies.SHORTEST);
        this.room = announced > most ? Math.min(most, IN_MEMORY) : most;
        memory.announce(Math.min(announced, room));
    }

    /** Takes over what is readable. */
    void append(ByteBuf more) throws TooLongException, NoRoomException {
        memory.append(more);
    }

    /** Whether it has to be spilled before more comes. */
    boolean isFull() {
        return memory.length() > room - CHUNK;
    }

    /** Moves what is in memory to the file. */
    void spill() throws IOException, TooLongException, NoRoomException {
        if (file == null) {
            file = files.open(sender);
        }
        file.append(memory.bytes(), memory.length());
        room = IN_MEMORY;
        memory.empty(IN_MEMORY);
        memory.announce(IN_MEMORY);
    }

    /**
     * Reads to the end.
     *
     * @param expected how long it will be, as far as known; room is made for it at once
     * @param most it may not be longer
     * @throws TooLongException when it is
     */
    void readAll(InputStream in, long expected, long most) throws IOException, TooLongException, NoRoomException {
        long limit = Math.min(most, files.longest());
        memory.expect(Math.min(expected, Math.min(limit, room)));
        while (!memory.fill(in, (int) Math.min(room, limit - spilled()))) {
            if (length() < limit) {
                spill();
            } else if (in.read() < 0) {
                return;
            } else {
                throw new TooLongException();
            }
        }
    }

    private long spilled() {
        return file == null ? 0 : file.length();
    }

    /** Bytes so far. */
    long length() {
        return spilled() + memory.length();
    }

    /** Whether it is one for {@link #inFile}; otherwise for {@link #inMemory}. */
    boolean isLarge() {
        return file != null;
    }

    Body inMemory() {
        return memory;
    }

    /** All of it; its file is the caller's to close from now on. */
    LargeBody inFile() throws IOException, TooLongException, NoRoomException {
        spill();
        LargeBody whole = file;
        if (whole == null) {
            throw new IllegalStateException("spilled without a file");
        }
        file = null;
        return whole;
    }

    /** The body from its beginning; nothing may be added from now on. */
    InputStream read() throws IOException, TooLongException, NoRoomException {
        if (file == null) {
            return new ByteArrayInputStream(memory.bytes(), 0, memory.length());
        }
        spill();
        return file.stream();
    }

    /** Gives everything back; once is enough, twice does no harm. */
    void release() {
        memory.release();
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
