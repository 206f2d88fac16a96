// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.engine.RuleUpdate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the rules topic says.
 *
 * @param latest what was published last; empty where nothing ever was
 * @param inForce what each deciding task has switched to, by task
 */
public record PublishedRules(Optional<RuleUpdate> latest, Map<Integer, RulesInForce> inForce) {
    /** Nothing has been read. */
    public static final PublishedRules NONE = new PublishedRules(Optional.empty(), Map.of());

    public PublishedRules {
        inForce = Map.copyOf(inForce);
    }

    PublishedRules with(RuleUpdate update) {
        return latest.isPresent() && latest.get().supersedes(update)
                ? this
                : new PublishedRules(Optional.of(update), inForce);
    }

    PublishedRules with(int task, RulesInForce rules) {
        Map<Integer, RulesInForce> next = new TreeMap<>(inForce);
        next.put(task, rules);
        return new PublishedRules(latest, next);
    }

    /** How many of the tasks decide by an update. */
    public long tasksThatDecideBy(RuleUpdate update) {
        return inForce.values().stream().filter(rules -> rules.are(update)).count();
    }

    /** From when on the first task decides by an update; empty while none does. */
    public OptionalLong since(RuleUpdate update) {
        return inForce.values().stream()
                .filter(rules -> rules.are(update))
                .mapToLong(RulesInForce::fromMillis)
                .min();
    }

    /** The tick of the engine that decides; empty while none has. */
    public OptionalLong tickMillis() {
        return inForce.values().stream().mapToLong(RulesInForce::tickMillis).max();
    }
}
