// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static java.util.Objects.requireNonNull;

/** The predicate of a {@code ratio}: which of the selected events count in the numerator. */
public sealed interface Outcome {

    /** The predicate as written, such as {@code status = "error"}. */
    String text();

    /** Decided by an attribute, once per series. */
    record Attribute(String text, Matcher matcher) implements Outcome {
        public Attribute {
            requireNonNull(text, "text");
            requireNonNull(matcher, "matcher");
        }
    }

    /**
     * Decided by a field, per event; an event without the field does not count in the numerator.
     *
     * @param threshold in nanoseconds when the field is {@code duration}, otherwise in the field's own unit
     */
    record Measured(String text, String field, Comparator comparator, double threshold) implements Outcome {
        public Measured {
            requireNonNull(text, "text");
            requireNonNull(field, "field");
            requireNonNull(comparator, "comparator");
        }
    }
}
