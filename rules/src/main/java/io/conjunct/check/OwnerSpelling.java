// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code group/owner-spelling}: one team under two spellings gets two reports, and reads neither as its own. */
final class OwnerSpelling implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        Map<String, String> spellings = new HashMap<>();
        for (GroupDraft group : groups) {
            String owner = group.owner();
            String folded = owner.toLowerCase(Locale.ROOT).replaceAll("[\\s_.-]+", "");
            String first = spellings.getOrDefault(folded, owner);
            spellings.putIfAbsent(folded, owner);
            if (!owner.isEmpty() && !first.equals(owner)) {
                findings.warning(
                        "group/owner-spelling",
                        group.table().placeOf("owner"),
                        "`" + owner + "` is written `" + first + "` elsewhere",
                        "write one of them everywhere");
            }
        }
    }
}
