// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.pieces;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A part of a stored request as a stream that passes over bytes without reading them. */
final class StoredRange extends InputStream {
    private final StoredRequest request;
    private final long end;
    private long at;

    StoredRange(StoredRequest request, long from, long to) {
        this.request = request;
        this.at = from;
        this.end = to;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at >= end) {
            return -1;
        }
        int read = request.read(ByteBuffer.wrap(to, offset, (int) Math.min(length, end - at)), at);
        at += Math.max(0, read);
        return read;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, end - at));
        at += skipped;
        return skipped;
    }
}
