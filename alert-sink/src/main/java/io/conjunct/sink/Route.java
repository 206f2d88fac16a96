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
 * @param groupBy labels whose values make alerts one notification, where a receiver can (a Slack bot: one thread); none
 *     when alerts are not grouped, at most {@value #MAX_GROUP_BY}
 */
public record Route(
        Optional<Tier> tier,
        Optional<String> owner,
        Map<String, String> labels,
        List<String> to,
        List<String> groupBy) {
    static final int MAX_GROUP_BY = 10;

    public Route {
        groupBy = groupBy.stream().distinct().sorted().toList();
        if (groupBy.size() > MAX_GROUP_BY) {
            throw new IllegalArgumentException(
                    "group_by: " + groupBy.size() + " labels (expected: at most " + MAX_GROUP_BY + ")");
        }
        labels = Map.copyOf(labels);
        to = to.stream().distinct().toList();
        if (to.isEmpty()) {
            throw new IllegalArgumentException("to: [] (expected: at least one receiver)");
        }
    }

    /** Without groups. */
    Route(Optional<Tier> tier, Optional<String> owner, Map<String, String> labels, List<String> to) {
        this(tier, owner, labels, to, List.of());
    }

    /** What alerts of one group share, such as {@code page cloud.region=eu}; empty when they are not grouped. */
    String groupOf(Alert alert) {
        if (groupBy.isEmpty()) {
            return "";
        }
        StringBuilder group = new StringBuilder(alert.tier().word());
        for (String label : groupBy) {
            group.append(' ').append(label).append('=').append(alert.labels().getOrDefault(label, ""));
        }
        return group.toString();
    }

    boolean matches(Alert alert) {
        return (tier.isEmpty() || tier.get() == alert.tier())
                && (owner.isEmpty() || owner.get().equals(alert.owner()))
                && alert.labels().entrySet().containsAll(labels.entrySet());
    }
}
