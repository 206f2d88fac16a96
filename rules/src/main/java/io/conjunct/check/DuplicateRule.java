// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.RuleDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code rule/duplicate-name}: an alert is identified by its rule's name and its join labels. */
final class DuplicateRule implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        Map<String, Place> seen = new HashMap<>();
        for (GroupDraft group : groups) {
            for (RuleDraft rule : group.rules()) {
                Place first = seen.putIfAbsent(rule.name().text(), rule.name().place());
                if (first != null) {
                    findings.error(
                            "rule/duplicate-name",
                            rule.name().place(),
                            "the alert `" + rule.name().text() + "` exists already, in " + first.path() + ":"
                                    + first.line(),
                            "rename one of them");
                }
            }
        }
    }
}
