// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.pieces;

import java.nio.ByteBuffer;

/** A stored request that is in memory, and is read in small parts. */
public record StoredBytes(byte[] bytes) implements StoredRequest {
    private static final int MOST = 100;

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public int read(ByteBuffer to, long at) {
        int count = (int) Math.min(Math.min(to.remaining(), MOST), bytes.length - at);
        if (count <= 0) {
            return -1;
        }
        to.put(bytes, (int) at, count);
        return count;
    }
}
