// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.PooledByteBufAllocator;

/**
 * What one door reads its connections into, with a bound. In the heap, whose size is fixed: netty's own choice, memory
 * outside, would come on top of it and is never given back. Chunks of 1 MiB, nothing kept per thread. Thread-safe.
 */
final class ReadBuffers extends PooledByteBufAllocator {
    private static final int ARENAS = 1;
    private static final int PAGE = 8_192;
    private static final int CHUNK_ORDER = 7;

    private final long most;

    /** @param most bytes that may be in use at a time */
    ReadBuffers(long most) {
        super(false, ARENAS, 0, PAGE, CHUNK_ORDER, 0, 0, false);
        this.most = most;
    }

    /** @throws FullException when that many are in use */
    @Override
    public ByteBuf ioBuffer(int capacity, int maxCapacity) {
        if (pinnedHeapMemory() >= most) {
            throw new FullException(most);
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
        FullException(long most) {
            super(most + " bytes of what was read wait to be worked on", null, false, false);
        }
    }
}
