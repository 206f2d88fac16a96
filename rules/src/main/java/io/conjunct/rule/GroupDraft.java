// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * A rule group with the text it was read from; as much of it as could be read.
 *
 * @param name value of {@code name}
 * @param owner value of {@code owner}, empty when there is none
 * @param named signals that some rule names, read or not
 * @param mutes its own; silences belong to no group
 */
public record GroupDraft(
        Node.Scalar name,
        Node.Table table,
        String owner,
        List<SignalDraft> signals,
        List<RuleDraft> rules,
        Set<String> named,
        List<MuteDraft> mutes) {
    public GroupDraft {
        requireNonNull(name, "name");
        requireNonNull(table, "table");
        requireNonNull(owner, "owner");
        signals = List.copyOf(signals);
        rules = List.copyOf(rules);
        named = Set.copyOf(named);
        mutes = List.copyOf(mutes);
    }
}
