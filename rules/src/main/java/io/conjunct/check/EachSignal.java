// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.SignalDraft;
import java.util.List;

/** A check that looks at one signal at a time. */
interface EachSignal extends RuleCheck {
    void check(SignalDraft draft, Findings findings);

    @Override
    default void check(List<GroupDraft> groups, Findings findings) {
        groups.forEach(group -> group.signals().forEach(signal -> check(signal, findings)));
    }
}
