// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One episode of an alert in a replay: one page when its tier is page.
 *
 * @param startMillis when the condition became true, event time
 * @param firedMillis when it fired
 * @param resolvedMillis when it resolved; empty when the history ended before
 */
public record Firing(
        SortedMap<String, String> labels, long startMillis, long firedMillis, OptionalLong resolvedMillis) {
    public Firing {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        requireNonNull(resolvedMillis, "resolvedMillis");
    }

    Firing resolvedAt(long millis) {
        return new Firing(labels, startMillis, firedMillis, OptionalLong.of(millis));
    }
}
