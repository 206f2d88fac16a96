// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Tier;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which alerts go to which receivers: tier, owner and labels must all be equal where they are given; labels may be join
 * labels or the rule's own.
 *
 * @param to names of receivers, each told once
 */
public record Route(Optional<Tier> tier, Optional<String> owner, Map<String, String> labels, List<String> to) {
    public Route {
        labels = Map.copyOf(labels);
        to = to.stream().distinct().toList();
        if (to.isEmpty()) {
            throw new IllegalArgumentException("to: [] (expected: at least one receiver)");
        }
    }

    boolean matches(Alert alert) {
        return (tier.isEmpty() || tier.get() == alert.tier())
                && (owner.isEmpty() || owner.get().equals(alert.owner()))
                && alert.labels().entrySet().containsAll(labels.entrySet());
    }
}
