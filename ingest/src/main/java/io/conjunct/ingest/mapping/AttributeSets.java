// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

/** The sets of attributes that one mapper has met; when there are {@value #MOST} it forgets them. Not thread-safe. */
final class AttributeSets {
    private static final int MOST = 4_096;

    private AttributeSet empty = new AttributeSet(this);
    private int size;

    AttributeSet empty() {
        return empty;
    }

    void grew() {
        size++;
    }

    boolean isFull() {
        return size >= MOST;
    }

    /** Begins anew. */
    void forget() {
        empty = new AttributeSet(this);
        size = 0;
    }
}
