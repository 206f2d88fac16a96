// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Node;
import io.conjunct.rule.RuleDraft;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code rule/value-in-label} and {@code rule/label-hides-key}: labels identify an alert. A value among them would make a
 * new alert at each change, and one named like a join key would make two alerts one.
 */
final class ValueInLabel implements RuleCheck {
    private static final Pattern TEMPLATE = Pattern.compile("\\{\\{[^}]*}}|\\$value|\\$labels\\b");

    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (RuleDraft rule : group.rules()) {
                List<Node.Entry> labels =
                        rule.table().table("labels").map(Node.Table::entries).orElse(List.of());
                labels.forEach(label -> check(rule, label, findings));
            }
        }
    }

    private static void check(RuleDraft draft, Node.Entry label, Findings findings) {
        if (label.value() instanceof Node.Scalar scalar) {
            Matcher template = TEMPLATE.matcher(scalar.text());
            if (template.find()) {
                boolean value = template.group().contains("value");
                findings.error(
                        "rule/value-in-label",
                        scalar.place(template.start(), template.end()),
                        value
                                ? "a value in a label makes a new alert each time it changes"
                                : "labels are fixed texts; join keys are labels already",
                        value
                                ? "move it to `annotations`; every alert carries its values"
                                : "move it to `annotations`, or remove it");
            }
        }
        if (draft.rule().map(r -> r.on().contains(label.key().text())).orElse(false)) {
            findings.error(
                    "rule/label-hides-key",
                    label.key().place(),
                    "`" + label.key().text() + "` is a join key of this rule",
                    "give the label another name");
        }
    }
}
