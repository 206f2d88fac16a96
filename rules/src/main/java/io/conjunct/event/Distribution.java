// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import static java.util.Objects.requireNonNull;

import io.conjunct.histogram.Histogram;

/**
 * Many measurements reported as one data point (an OpenTelemetry histogram of delta temporality).
 *
 * @param histogram their counts by value; not to be changed once handed over
 * @param sum their sum, in the metric's unit
 * @param min the smallest of them, NaN when the source did not say
 * @param max the largest of them, NaN when the source did not say
 */
public record Distribution(Histogram histogram, double sum, double min, double max) {

    /** Most measurements one data point may stand for; so no window's count ever overflows. */
    public static final long MAX_COUNT = 1L << 40;

    public Distribution {
        requireNonNull(histogram, "histogram");
    }

    public long count() {
        return histogram.count();
    }
}
