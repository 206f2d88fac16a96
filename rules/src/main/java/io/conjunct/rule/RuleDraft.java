// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Tier;
import java.util.List;
import java.util.Optional;

/**
 * A rule with the text it was read from; as much of it as could be read.
 *
 * @param name value of {@code alert}
 * @param rule the whole rule; empty when a part of it was refused
 * @param tier empty when missing or unknown
 * @param on join keys as written; empty when the file names none
 * @param places of the parts of the rule's conditions
 */
public record RuleDraft(
        Node.Scalar name,
        Node.Table table,
        Optional<Rule> rule,
        Optional<Tier> tier,
        Optional<List<String>> on,
        Places places) {
    public RuleDraft {
        requireNonNull(name, "name");
        requireNonNull(table, "table");
        requireNonNull(rule, "rule");
        requireNonNull(tier, "tier");
        on = on.map(List::copyOf);
        requireNonNull(places, "places");
    }
}
