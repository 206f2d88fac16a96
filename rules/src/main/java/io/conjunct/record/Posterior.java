// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * What is known about a rule's precision, the share of its episodes that were incidents, after {@code real} of
 * {@code judged}: Beta(1 + real, 1 + judged - real), which is a uniform prior and the binomial's conjugate.
 */
public record Posterior(int real, int judged) {
    /** Precision of two pages to an incident. */
    static final double TWO_TO_ONE = 0.5;

    private static final double TAIL = 0.05;

    public Posterior {
        if (real < 0 || judged < real) {
            throw new IllegalArgumentException(real + " of " + judged + " (expected: 0 <= real <= judged)");
        }
    }

    /** How probable it is that the rule is worse than two pages to an incident. */
    public double worse() {
        return beta().cumulativeProbability(TWO_TO_ONE);
    }

    /** Below it lies the precision with 5 %. */
    public double low() {
        return beta().inverseCumulativeProbability(TAIL);
    }

    /** Above it lies the precision with 5 %: with {@link #low} the credible interval of 90 %. */
    public double high() {
        return beta().inverseCumulativeProbability(1 - TAIL);
    }

    /** The expected precision. */
    public double mean() {
        return (1.0 + real) / (2.0 + judged);
    }

    private BetaDistribution beta() {
        return BetaDistribution.of(1.0 + real, 1.0 + judged - real);
    }
}
