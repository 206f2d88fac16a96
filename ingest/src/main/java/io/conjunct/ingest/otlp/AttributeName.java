// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

/**
 * The name of an attribute, and in a visitor's subclass what it makes of it. Made once by {@link OtlpVisitor#name} and
 * remembered by readers, so that nobody has to look up the same word a million times.
 */
public class AttributeName {
    public final String text;
    public final Reading reading;

    public AttributeName(String text, Reading reading) {
        this.text = text;
        this.reading = reading;
    }

    /** How the value of an attribute is read. */
    public enum Reading {
        /** Not at all, except in metrics, where every attribute tells one stream from another. */
        SKIPPED,
        /** Not at all, because it is not to leave the process; in metrics as above. */
        WITHHELD,
        /** In words. */
        TEXT,
        /** As a number; in words where it is none. */
        NUMBER
    }
}
