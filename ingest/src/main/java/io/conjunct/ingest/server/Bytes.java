// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads bodies into memory within two bounds: a longest body, and a budget for all bodies that are held at once. Thread-safe.
 */
final class Bytes {
    private static final int CHUNK = 64 * 1024;
    private static final int TRUSTED = 1024 * 1024;

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
     * @param expected how long it will be, as far as known; trusted up to {@value #TRUSTED} bytes only
     * @throws TooLongException when the body is longer than it may be
     * @throws NoRoomException when too much is held already
     */
    byte[] readAll(InputStream in, long expected) throws IOException, TooLongException, NoRoomException {
        return readAll(in, expected, longest);
    }

    /** The same for a body that has to be shorter. */
    byte[] readAll(InputStream in, long expected, long most) throws IOException, TooLongException, NoRoomException {
        long limit = Math.min(longest, most);
        byte[] bytes = new byte[(int) Math.max(1, Math.min(Math.min(expected, TRUSTED), limit))];
        int length = 0;
        boolean done = false;
        reserve(bytes.length);
        try {
            while (true) {
                if (length == bytes.length) {
                    int next = in.read();
                    if (next < 0) {
                        break;
                    }
                    if (length >= limit) {
                        throw new TooLongException();
                    }
                    int longer = (int) Math.min(Math.max(CHUNK, bytes.length * 2L), limit);
                    reserve(longer - bytes.length);
                    bytes = Arrays.copyOf(bytes, longer);
                    bytes[length++] = (byte) next;
                } else {
                    int read = in.read(bytes, length, bytes.length - length);
                    if (read < 0) {
                        break;
                    }
                    length += read;
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
        held.addAndGet(length - bytes.length);
        return Arrays.copyOf(bytes, length);
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
