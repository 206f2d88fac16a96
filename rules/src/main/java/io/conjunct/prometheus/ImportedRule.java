// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What became of one rule.
 *
 * @param place {@code file:line}
 * @param recording computes a metric and alerts nobody
 * @param notCarried why it was left out; empty when it was carried over
 * @param changes what means something else than before
 */
public record ImportedRule(String place, String name, boolean recording, String notCarried, List<String> changes) {
    public ImportedRule {
        requireNonNull(place, "place");
        requireNonNull(name, "name");
        requireNonNull(notCarried, "notCarried");
        changes = List.copyOf(changes);
    }

    public boolean isCarried() {
        return notCarried.isEmpty();
    }
}
