// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import org.jspecify.annotations.Nullable;

/** Bytes that come again and again, what they spell, and what the visitor of the day makes of them as a name. */
final class Word {
    final byte[] bytes;
    final String text;

    /** Null until they are met as a name. */
    @Nullable
    AttributeName name;

    /** The slot of the word that followed last time. */
    int next;

    Word(byte[] bytes, String text) {
        this.bytes = bytes;
        this.text = text;
    }
}
