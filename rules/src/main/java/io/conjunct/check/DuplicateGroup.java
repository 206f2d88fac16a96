// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code group/duplicate-name}: groups of one name would share their state. */
final class DuplicateGroup implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        Map<String, Place> seen = new HashMap<>();
        for (GroupDraft group : groups) {
            Place first = seen.putIfAbsent(group.name().text(), group.name().place());
            if (first != null) {
                findings.error(
                        "group/duplicate-name",
                        group.name().place(),
                        "the group `" + group.name().text() + "` exists already, in " + first.path() + ":"
                                + first.line(),
                        "rename one, or move its rules into the other");
            }
        }
    }
}
