// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A confirmed problem of the past, as people wrote it down.
 *
 * @param id unique name
 * @param startMillis when users began to be hurt, Unix milliseconds
 * @param endMillis when it was over
 * @param service whose problem it was; empty when not said
 * @param labels what a page's labels must not contradict
 * @param severity free text; empty when not said
 * @param rules the rules that should have told of it; empty for all that watch the service
 */
public record Incident(
        String id,
        long startMillis,
        long endMillis,
        String service,
        SortedMap<String, String> labels,
        String severity,
        List<String> rules) {
    public Incident {
        requireNonNull(id, "id");
        requireNonNull(service, "service");
        requireNonNull(severity, "severity");
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        rules = List.copyOf(rules);
        if (endMillis < startMillis) {
            throw new IllegalArgumentException("incident " + id + " ends before it starts");
        }
    }

    /** Whether it is this rule's duty to tell of the incident. */
    boolean concerns(Watch watch) {
        return rules.isEmpty()
                ? service.isEmpty()
                        || watch.services().isEmpty()
                        || watch.services().contains(service)
                : rules.contains(watch.rule());
    }

    /** Whether a firing with these labels can be about it: no label says otherwise. */
    public boolean fits(SortedMap<String, String> firing) {
        return labels.entrySet().stream()
                .allMatch(l -> firing.getOrDefault(l.getKey(), l.getValue()).equals(l.getValue()));
    }
}
