// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.conjunct.correlate.PublishedRules;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A rule log without Kafka, which can be away. */
final class HeapRuleLog implements RuleLog {
    final List<RuleUpdate> updates = new ArrayList<>();
    boolean away;

    @Override
    public PublishedRules published() {
        requireThere();
        return new PublishedRules(
                updates.isEmpty() ? Optional.empty() : Optional.of(updates.get(updates.size() - 1)), Map.of());
    }

    @Override
    public RuleUpdate publish(String revision, List<RuleSource> files) {
        requireThere();
        RuleUpdate update = new RuleUpdate(revision, updates.size(), 0, files);
        updates.add(update);
        return update;
    }

    private void requireThere() {
        if (away) {
            throw new IllegalStateException("no broker answers");
        }
    }

    /** Alert names of the rules that are published now. */
    List<String> alerts() {
        return RuleUpdate.Compiler.YAML.compile(published().latest().orElseThrow()).groups().stream()
                .flatMap(group -> group.rules().stream())
                .map(rule -> rule.name())
                .toList();
    }
}
