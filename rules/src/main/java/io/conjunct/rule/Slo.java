// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.signal.Signal;
import java.math.BigDecimal;

/**
 * A promise over 30 days, and the signal that counts what breaks it.
 *
 * @param signal a ratio: the share of bad events
 * @param objective the share of good events that is promised, above 0 and below 1
 */
record Slo(String name, Signal signal, BigDecimal objective) {
    Slo {
        requireNonNull(name, "name");
        requireNonNull(signal, "signal");
        requireNonNull(objective, "objective");
        if (objective.signum() <= 0 || objective.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException("objective: " + objective + " (expected: above 0 and below 1)");
        }
    }

    /** The share of bad events that the promise allows. */
    double budget() {
        return BigDecimal.ONE.subtract(objective).doubleValue();
    }

    /** How many times faster than allowed a signal spends the budget: at 1 it lasts the 30 days. */
    Expression burn(Signal share) {
        return new Expression.Arithmetic(
                new Expression.Reference(share),
                Expression.Operator.DIVIDED_BY,
                new Expression.Number(budget(), Units.PLAIN));
    }

    /** Whether another signal counts the same events and the same of them as bad, whatever its window. */
    boolean isAbout(Signal other) {
        return other.measure().equals(signal.measure()) && other.of().equals(signal.of());
    }
}
