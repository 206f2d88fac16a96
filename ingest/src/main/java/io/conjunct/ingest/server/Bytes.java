// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads bodies into memory within two bounds: a longest body, and a budget for all bodies that are held at once. Thread-safe.
 */
final class Bytes {
    private static final int CHUNK = 64 * 1024;

    private final long longest;
    private final long budget;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param longest a body beyond this is refused for good
     * @param budget together, bodies beyond this are refused for now
     */
    Bytes(long longest, long budget) {
        this.longest = Math.min(longest, budget / 2);
        this.budget = budget;
    }

    long longest() {
        return longest;
    }

    /**
     * Reads to the end. What was read has to be given back with {@link #release}, unless this throws.
     *
     * @throws TooLongException when the body is longer than it may be
     * @throws NoRoomException when too much is held already
     */
    byte[] readAll(InputStream in) throws IOException, TooLongException, NoRoomException {
        byte[] bytes = new byte[CHUNK];
        int length = 0;
        reserve(bytes.length);
        boolean done = false;
        try {
            while (true) {
                int read = in.read(bytes, length, bytes.length - length);
                if (read < 0) {
                    break;
                }
                length += read;
                if (length > longest) {
                    throw new TooLongException();
                }
                if (length == bytes.length) {
                    int longer = (int) Math.min(bytes.length * 2L, longest + 1);
                    reserve(longer - bytes.length);
                    byte[] grown = new byte[longer];
                    System.arraycopy(bytes, 0, grown, 0, length);
                    bytes = grown;
                }
            }
            done = true;
        } finally {
            if (!done) {
                held.addAndGet(-bytes.length);
            }
        }
        if (length == bytes.length) {
            return bytes;
        }
        byte[] exact = new byte[length];
        System.arraycopy(bytes, 0, exact, 0, length);
        held.addAndGet(length - bytes.length);
        return exact;
    }

    void release(byte[] bytes) {
        held.addAndGet(-bytes.length);
    }

    private void reserve(long bytes) throws NoRoomException {
        if (held.addAndGet(bytes) > budget) {
            held.addAndGet(-bytes);
            throw new NoRoomException();
        }
    }

    /** A body is longer than it may ever be. */
    static final class TooLongException extends Exception {}

    /** A body does not fit in now. */
    static final class NoRoomException extends Exception {}
}
