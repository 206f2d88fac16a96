// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.pieces;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A whole export request that lies somewhere else than in memory and can be read from any place. */
public interface StoredRequest {

    /** Bytes. */
    long length();

    /** Reads at least a byte from this place on, as many as fit and are there; returns how many, negative at the end. */
    int read(ByteBuffer to, long at) throws IOException;

    /** All of it. */
    default InputStream stream() {
        return new StoredRange(this, 0, length());
    }
}
