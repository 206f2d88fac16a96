// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.PooledByteBufAllocator;

/**
 * What the doors read their connections into, with a bound. In the heap, whose size is fixed: netty's own choice, memory
 * outside, would come on top of it and is never given back. In chunks of 1 MiB, of which the first stays; nothing kept per thread. Thread-safe.
 */
public final class ReadBuffers extends PooledByteBufAllocator {
    private static final int ARENAS = 1;
    private static final int PAGE = 8_192;
    private static final int CHUNK_ORDER = 7;

    /** What is read goes on at once, so that a buffer per connection is in use at most. */
    private static final long MOST = 4 * 1024 * 1024;

    private final ByteBuf stays;

    /** With nothing in use. */
    public ReadBuffers() {
        super(false, ARENAS, 0, PAGE, CHUNK_ORDER, 0, 0, false);
        // A chunk with nothing in it would be given up, and made again for what is read next.
        stays = heapBuffer(PAGE);
    }

    /** @throws FullException when that many are in use */
    @Override
    public ByteBuf ioBuffer(int capacity, int maxCapacity) {
        if (pinnedHeapMemory() >= MOST + stays.capacity()) {
            throw new FullException();
        }
        return heapBuffer(capacity, maxCapacity);
    }

    @Override
    public ByteBuf ioBuffer(int capacity) {
        return ioBuffer(capacity, Integer.MAX_VALUE);
    }

    @Override
    public ByteBuf ioBuffer() {
        return ioBuffer(PAGE, Integer.MAX_VALUE);
    }

    /** There is no room to read into at the moment; the connection that wanted it is as it was. */
    static final class FullException extends RuntimeException {
        FullException() {
            super(MOST + " bytes of what was read wait to be worked on", null, false, false);
        }
    }
}
