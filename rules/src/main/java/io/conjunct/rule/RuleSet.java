// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * All rule groups in force at once.
 *
 * @param revision the git revision it was read at, or a fingerprint of the files where there is no git
 */
public record RuleSet(String revision, List<RuleGroup> groups) {
    public RuleSet {
        requireNonNull(revision, "revision");
        groups = List.copyOf(groups);
    }
}
