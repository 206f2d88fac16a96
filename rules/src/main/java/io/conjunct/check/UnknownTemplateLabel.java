// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Node;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import io.conjunct.rule.Templates;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code template/unknown-label}: an annotation can only name labels the alert has: join keys and the rule's labels. */
final class UnknownTemplateLabel implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (RuleDraft draft : group.rules()) {
                draft.rule().ifPresent(rule -> check(draft, rule, findings));
            }
        }
    }

    private static void check(RuleDraft draft, Rule rule, Findings findings) {
        Set<String> known = new TreeSet<>(rule.on());
        known.addAll(rule.labels().keySet());
        List<Node.Entry> annotations =
                draft.table().table("annotations").map(Node.Table::entries).orElse(List.of());
        for (Node.Entry annotation : annotations) {
            if (annotation.value() instanceof Node.Scalar text) {
                for (Templates.Hole hole : Templates.holes(text.text())) {
                    if (!known.contains(hole.label())) {
                        findings.error(
                                "template/unknown-label",
                                text.place(hole.from(), hole.to()),
                                "the alert has no label `" + hole.label() + "`",
                                fix(hole.label(), known));
                    }
                }
            }
        }
    }

    private static String fix(String label, Set<String> known) {
        String bare = label.replaceFirst("^\\$labels\\.", "");
        if (known.contains(bare)) {
            return "write {{ " + bare + " }}";
        }
        if (label.endsWith("value")) {
            return "remove it: every alert carries the values of its legs";
        }
        return known.isEmpty()
                ? "this rule has no join keys: split its signals with `by`, or remove it"
                : Spelling.hint(bare, known);
    }
}
