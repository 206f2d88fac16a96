// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import org.jspecify.annotations.Nullable;

/**
 * The durable memory of one task: an ordered map of bytes. The topology puts RocksDB and a changelog behind it, tests and
 * backtests a tree on the heap. Writes of one input record become durable together or not at all; that is the host's duty.
 */
public interface Store {
    byte @Nullable [] get(byte[] key);

    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    /** Visits all entries whose key starts with {@code prefix}, in unsigned byte order. The visitor must not write. */
    void scan(byte[] prefix, Visitor visitor);

    /** Receives entries. */
    interface Visitor {
        void entry(byte[] key, byte[] value);
    }
}
