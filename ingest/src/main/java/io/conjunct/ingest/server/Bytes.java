// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for request bodies, which both doors share, within three bounds: a longest body, a budget for all bodies that
 * are held at once, and a share of it per sender: at most {@value #SHARE} times what is still free, so that there is
 * always room for one who comes new. Thread-safe. Source of the share: Choudhury and Hahne, "Dynamic queue length
 * thresholds for shared-memory packet switches", 1998.
 */
public final class Bytes {
    private static final byte[] NOTHING = {};
    private static final int CHUNK = 8 * 1024;
    private static final int SHARE = 3;
    private static final int GROWTH = 8;

    private final long longest;
    private final long budget;
    private final AtomicLong held = new AtomicLong();
    private final SpareArrays spare = new SpareArrays();

    /**
     * Nothing is held at first.
     *
     * @param longest a body beyond this is refused for good
     * @param budget together, bodies beyond this are refused for now
     */
    public Bytes(long longest, long budget) {
        this.longest = Math.min(longest, budget / 2);
        this.budget = budget;
    }

    long longest() {
        return longest;
    }

    /** What is held now. */
    public long held() {
        return held.get();
    }

    /** An empty body, to be released once whatever happens to it. */
    Body begin(Sender sender) {
        return new Body(sender);
    }

    /**
     * Reads to the end.
     *
     * @param expected how long it will be, as far as known; room is made for it at once
     * @param most a longest length for this body
     * @throws TooLongException when the body is longer than it may be; nothing of it is held then
     * @throws NoRoomException when too much is held already
     */
    Body readAll(Sender sender, InputStream in, long expected, long most)
            throws IOException, TooLongException, NoRoomException {
        Body body = begin(sender);
        int limit = (int) Math.min(longest, most);
        boolean done = false;
        try {
            body.expect(Math.min(expected, limit));
            if (!body.fill(in, limit) && in.read() >= 0) {
                throw new TooLongException();
            }
            done = true;
        } finally {
            if (!done) {
                body.release();
            }
        }
        return body;
    }

    private void reserve(Sender sender, long more) throws NoRoomException {
        long before = held.getAndAdd(more);
        long own = sender.hold(more);
        if (before + more > budget || own > SHARE * (budget - before)) {
            giveBack(sender, more);
            throw new NoRoomException();
        }
        spare.shrink(budget - before - more);
    }

    private void giveBack(Sender sender, long bytes) {
        held.addAndGet(-bytes);
        sender.hold(-bytes);
    }

    /** A body as it grows. For one thread at a time. */
    final class Body {
        private final Sender sender;
        private byte[] bytes = NOTHING;
        private int length;
        private long reserved;
        private long announced;

        private Body(Sender sender) {
            this.sender = sender;
        }

        /** Makes room for so much. */
        void expect(long expected) throws NoRoomException {
            int least = (int) Math.min(expected, longest);
            if (least > bytes.length) {
                resize(least);
            }
        }

        /** How long it will be, as its sender says: room grows no further than that, and faster on the way. */
        void announce(long expected) {
            announced = expected;
        }

        /** Takes over what is readable. */
        void append(ByteBuf more) throws TooLongException, NoRoomException {
            int count = more.readableBytes();
            makeRoom(count);
            more.readBytes(bytes, length, count);
            length += count;
        }

        /** Reads to the end, or until there are so many bytes; returns whether it was the end. */
        boolean fill(InputStream in, int most) throws IOException, NoRoomException {
            while (length < most) {
                int free = Math.min(bytes.length, most) - length;
                // Whether more room is needed shows when there is more.
                int read = free == 0 ? readOne(in, most) : in.read(bytes, length, free);
                if (read < 0) {
                    return true;
                }
                length += read;
            }
            return false;
        }

        private int readOne(InputStream in, int most) throws IOException, NoRoomException {
            int next = in.read();
            if (next < 0) {
                return next;
            }
            resize((int) Math.min(next(length + 1L), most));
            bytes[length] = (byte) next;
            return 1;
        }

        /** Forgets its bytes, and keeps room for so many at the most. */
        void empty(int most) {
            if (bytes.length > most) {
                release();
            }
            length = 0;
        }

        private void makeRoom(int count) throws TooLongException, NoRoomException {
            long needed = (long) length + count;
            if (needed > longest) {
                throw new TooLongException();
            }
            if (needed > bytes.length) {
                resize((int) Math.max(needed, Math.min(next(needed), longest)));
            }
        }

        /** An announcement is believed up to eight times what has come: who sends nothing holds nothing. */
        private long next(long needed) {
            long doubled = Math.max(CHUNK, bytes.length * 2L);
            if (needed > announced) {
                return doubled;
            }
            return announced <= GROWTH * needed ? announced : Math.max(doubled, GROWTH / 2 * needed);
        }

        private void resize(int least) throws NoRoomException {
            byte[] larger = spare.take(least);
            int capacity = larger == null ? least : larger.length;
            try {
                // Both arrays are there while one is copied into the other.
                reserve(sender, capacity);
            } catch (NoRoomException e) {
                spare.give(larger == null ? NOTHING : larger);
                throw e;
            }
            long before = reserved;
            reserved = capacity;
            byte[] old = bytes;
            bytes = larger == null ? new byte[capacity] : larger;
            System.arraycopy(old, 0, bytes, 0, length);
            spare.give(old);
            giveBack(sender, before);
        }

        int length() {
            return length;
        }

        /** The body, followed by what was there before; to be read until it is released. */
        byte[] bytes() {
            return bytes;
        }

        /** The whole body, exactly as long as it is. */
        byte[] content() {
            if (length < bytes.length) {
                bytes = Arrays.copyOf(bytes, length);
                giveBack(sender, reserved - length);
                reserved = length;
            }
            return bytes;
        }

        /** Gives the room back; once is enough, twice does no harm. */
        void release() {
            giveBack(sender, reserved);
            reserved = 0;
            spare.give(bytes);
            bytes = NOTHING;
            length = 0;
        }
    }

    /** A body is longer than it may ever be. */
    static final class TooLongException extends Exception {}

    /** A body does not fit in now. */
    static final class NoRoomException extends Exception {}
}
