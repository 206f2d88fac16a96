// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

/**
 * The name of an attribute, and in a visitor's subclass what it makes of it. Made once by {@link OtlpVisitor#name} and
 * remembered by readers, so that nobody has to look up the same word a million times.
 */
public class AttributeName {
    public final String text;

    public AttributeName(String text) {
        this.text = text;
    }
}
