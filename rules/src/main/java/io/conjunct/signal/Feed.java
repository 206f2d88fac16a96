// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What is counted per tick for one or more signals: equal feeds are counted once, whatever the windows and quantiles
 * read from them. Its content is its identity, so an edit elsewhere in a rule file leaves its counts alone.
 *
 * @param group the rule group it belongs to
 * @param part which numbers are kept
 * @param field the quantity read; empty when only occurrences count
 * @param outcome for {@link Part#SHARE}
 * @param by labels that split it, sorted
 */
public record Feed(String group, Selector of, Part part, String field, Optional<Outcome> outcome, List<String> by) {

    /** The numbers a cell keeps. The count is always kept. */
    public enum Part {
        OCCURRENCES,
        SUM,
        EXTREMES,
        LAST,
        DISTRIBUTION,
        SHARE
    }

    public Feed {
        requireNonNull(group, "group");
        requireNonNull(of, "of");
        requireNonNull(part, "part");
        requireNonNull(field, "field");
        requireNonNull(outcome, "outcome");
        by = List.copyOf(by);
    }

    static Feed of(Signal signal) {
        Measure measure = signal.measure();
        Part part = switch (measure.type()) {
            case COUNT -> Part.OCCURRENCES;
            case RATE -> measure.field().isEmpty() ? Part.OCCURRENCES : Part.SUM;
            case SUM, AVG -> Part.SUM;
            case MIN, MAX -> Part.EXTREMES;
            case LAST -> Part.LAST;
            case QUANTILE -> Part.DISTRIBUTION;
            case RATIO -> Part.SHARE;
        };
        return new Feed("", signal.of(), part, measure.field(), measure.outcome(), signal.by());
    }

    /** The same feed as part of a rule group. */
    public Feed in(String newGroup) {
        return new Feed(newGroup, of, part, field, outcome, by);
    }

    /** A number that is equal exactly when the feeds are (64 bits of SHA-256). */
    public long id() {
        return Fingerprint.bits(toString());
    }
}
