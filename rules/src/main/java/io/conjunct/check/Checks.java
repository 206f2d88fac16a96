// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import java.util.List;

/** All checks, in one place. What cannot be read at all is reported by the readers in {@code io.conjunct.rule}. */
public final class Checks {
    private static final List<RuleCheck> ALL = List.of(
            new DuplicateGroup(),
            new DuplicateRule(),
            new MissingOwner(),
            new MissingRunbook(),
            new SingleSignal(),
            new SequenceInUntil(),
            new Join(),
            new ValueInLabel(),
            new UnknownTemplateLabel(),
            new UnreachableThreshold(),
            new UnusedSignal(),
            new TooFewSamples(),
            new HighCardinalityBy());

    private Checks() {}

    public static void run(List<GroupDraft> groups, Findings findings) {
        ALL.forEach(check -> check.check(groups, findings));
    }
}
