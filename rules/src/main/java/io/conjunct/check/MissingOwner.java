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
            if (group.owner().isEmpty()) {
                boolean written = group.table().get("owner").isPresent();
                findings.error(
                        "rule/missing-owner",
                        written ? group.table().placeOf("owner") : group.name().place(),
                        "the group `" + group.name().text() + "` has no owner",
                        "add `owner:` with the team that fixes or deletes these rules");
            }
        }
    }
}
