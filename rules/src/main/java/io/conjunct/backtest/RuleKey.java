// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

/** A rule in a rule set: alerts are named once per group. */
record RuleKey(String group, String rule) implements Comparable<RuleKey> {
    RuleKey {
        requireNonNull(group, "group");
        requireNonNull(rule, "rule");
    }

    @Override
    public int compareTo(RuleKey other) {
        int byGroup = group.compareTo(other.group);
        return byGroup != 0 ? byGroup : rule.compareTo(other.rule);
    }
}
