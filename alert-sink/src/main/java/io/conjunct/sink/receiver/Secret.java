// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

import static java.util.Objects.requireNonNull;

/** A text that must not be seen: prints as {@value #MASK}. Equal when the text is equal. */
public final class Secret {
    /** What is shown instead. */
    public static final String MASK = "***";

    private final String text;

    public Secret(String text) {
        this.text = requireNonNull(text, "text");
        if (text.isEmpty()) {
            throw new IllegalArgumentException("secret: empty (expected: a text)");
        }
    }

    /** The text itself: only for the request it is meant for. */
    public String reveal() {
        return text;
    }

    /** The same words without this secret, for answers of providers that repeat what we sent. */
    public String redact(String words) {
        return words.replace(text, MASK);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
