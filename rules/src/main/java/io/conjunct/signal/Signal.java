// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * A named measure over a selector and a sliding window, split by labels.
 *
 * @param name as rules refer to it; of a baseline {@code baseline(name, 7d)}
 * @param over length of the window, 1 s to 30 d
 * @param by labels that split it, sorted; an event that lacks one of them does not count
 * @param unit of the value: {@code s} for durations (values are in seconds then), {@code ratio}, {@code count},
 *     {@code 1/s}, or the metric's own
 * @param scale factor from what is recorded to {@code unit}: 1e-9 for span durations, 0.001 for a metric in ms
 * @param minSamples below this many events the value is unknown
 * @param onMissing what an unknown value becomes
 * @param baseline whether it is the long-run value of another signal: known only once half of its window has been seen
 */
public record Signal(
        String name,
        Measure measure,
        Selector of,
        Duration over,
        List<String> by,
        String unit,
        double scale,
        long minSamples,
        OnMissing onMissing,
        boolean baseline) {

    public static final String SECONDS = "s";
    public static final String RATIO = "ratio";
    public static final String COUNT = "count";
    public static final String PER_SECOND = "1/s";

    public Signal {
        requireNonNull(name, "name");
        requireNonNull(measure, "measure");
        requireNonNull(of, "of");
        requireNonNull(over, "over");
        by = by.stream().sorted().toList();
        requireNonNull(unit, "unit");
        requireNonNull(onMissing, "onMissing");
        if (over.compareTo(Duration.ofSeconds(1)) < 0 || over.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("over: " + over + " (expected: 1s to 30d)");
        }
    }

    /** What must be counted, tick by tick, to compute it. Signals that count the same share it. */
    public Feed feed() {
        return Feed.of(this);
    }

    /** What the value becomes when there is too little to compute it from. */
    public sealed interface OnMissing {

        /** It stays unknown: it never fires and never resolves. */
        record Unknown() implements OnMissing {}

        /** It is this number, in the signal's unit. */
        record Value(double value) implements OnMissing {}

        /** It stays what it last was, for at most this long; then it is unknown. */
        record Hold(Duration atMost) implements OnMissing {
            public Hold {
                requireNonNull(atMost, "atMost");
            }
        }
    }
}
