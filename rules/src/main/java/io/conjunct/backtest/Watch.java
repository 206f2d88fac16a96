// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.event.Series;
import io.conjunct.rule.Rule;
import io.conjunct.signal.Matcher;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a rule watches.
 *
 * @param services the services its signals name; empty when they name none, which means any
 */
record Watch(String rule, Set<String> services) {
    Watch {
        services = Set.copyOf(services);
    }

    static Watch of(Rule rule) {
        Set<String> services = new TreeSet<>();
        rule.when().comparisons().stream()
                .flatMap(c -> c.signals().stream())
                .flatMap(s -> s.of().where().stream())
                .filter(m -> m.attribute().equals(Series.SERVICE_NAME) && !m.negated())
                .map(Matcher::values)
                .forEach(services::addAll);
        return new Watch(rule.name(), services);
    }
}
