// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import java.util.List;

/** {@code rule/missing-owner}: a rule that nobody owns is never fixed and never deleted. */
final class MissingOwner implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            boolean written = group.table().get("owner").isPresent();
            boolean misspelt = group.table().entries().stream()
                    .anyMatch(e -> !written
                            && Spelling.nearest(e.key().text(), List.of("owner"))
                                    .isPresent());
            if (group.owner().isEmpty() && !misspelt) {
                findings.error(
                        "rule/missing-owner",
                        written ? group.table().placeOf("owner") : group.name().place(),
                        "the group `" + group.name().text() + "` has no owner",
                        "add `owner:` with the team that fixes or deletes these rules");
            }
        }
    }
}
