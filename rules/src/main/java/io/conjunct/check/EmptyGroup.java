// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Node;
import java.util.List;

/** {@code group/empty}: a group without rules and SLOs measures, and never tells anybody. */
final class EmptyGroup implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            boolean written = group.table()
                    .sequence("rules")
                    .map(r -> r.items().isEmpty())
                    .orElse(false);
            boolean slos = group.table()
                    .table("slos")
                    .map(Node.Table::entries)
                    .filter(s -> !s.isEmpty())
                    .isPresent();
            if (written && !slos) {
                findings.warning(
                        "group/empty",
                        group.name().place(),
                        "the group `" + group.name().text() + "` has no rules",
                        "add one, or remove the group");
            }
        }
    }
}
