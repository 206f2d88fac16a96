// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import io.conjunct.history.Damage;

/**
 * What was replayed.
 *
 * @param fromMillis event time of the first tick's begin
 * @param toMillis event time of the last tick
 * @param events events in the batches
 * @param tooLate events that were too late, or too far ahead, to be measured
 * @param unreadable batches whose content is not a batch
 */
public record Stretch(long fromMillis, long toMillis, long events, long tooLate, long unreadable, Damage damage) {
    private static final double WEEK_MILLIS = 7 * 24 * 3600 * 1000.0;

    public Stretch {
        requireNonNull(damage, "damage");
    }

    /** Less than a week: what is said per week is scaled up. */
    boolean isShort() {
        return weeks() < 1;
    }

    public double weeks() {
        return (toMillis - fromMillis) / WEEK_MILLIS;
    }
}
