// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.alert.Tier;
import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Node;
import io.conjunct.rule.RuleDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code rule/summary-too-long} and {@code rule/same-summary}: the summary is the title of the page. PagerDuty cuts it at
 * {@value #LONGEST} characters, and two alerts of one title cannot be told apart at night.
 */
final class Summary implements RuleCheck {
    private static final int LONGEST = 1_024;

    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        Map<String, RuleDraft> seen = new HashMap<>();
        for (GroupDraft group : groups) {
            for (RuleDraft draft : group.rules()) {
                Optional<Node.Scalar> summary =
                        draft.table().table("annotations").flatMap(a -> a.scalar("summary"));
                summary.ifPresent(text -> check(draft, text, seen, findings));
            }
        }
    }

    private static void check(RuleDraft draft, Node.Scalar summary, Map<String, RuleDraft> seen, Findings findings) {
        String text = summary.text().strip();
        if (text.codePointCount(0, text.length()) > LONGEST) {
            findings.warning(
                    "rule/summary-too-long",
                    summary.place(),
                    "PagerDuty cuts a summary at " + LONGEST + " characters",
                    "write one sentence, and the rest into an annotation of its own");
        }
        if (draft.tier().filter(tier -> tier != Tier.ANNOTATE).isEmpty() || text.isEmpty()) {
            return;
        }
        RuleDraft first = seen.putIfAbsent(text, draft);
        // The two alerts of an SLO stand in one table and differ by their tier.
        if (first != null && first.table() != draft.table()) {
            findings.warning(
                    "rule/same-summary",
                    summary.place(),
                    "`" + first.name().text() + "` has the same summary",
                    "say in each what is different about it");
        }
    }
}
