// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Node;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code template/not-filled}: placeholders of other systems are printed as they stand. Only {@code {{ label }}} is filled. */
final class NotFilled implements EachRule {
    private static final Pattern FOREIGN = Pattern.compile(
            "\\$\\{[^}]*}|\\$(value|labels)\\b|%\\([a-z_]+\\)s|(?<![\\w%])%[sdf]\\b|\\{\\{\\s*}}|\\{\\{[^{}]*\\s[^{}]*\\S\\s*}}");

    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        for (Node.Entry annotation :
                draft.table().table("annotations").map(Node.Table::entries).orElse(List.of())) {
            if (annotation.value() instanceof Node.Scalar text) {
                Matcher foreign = FOREIGN.matcher(text.text());
                if (foreign.find() && !isHole(foreign.group())) {
                    findings.warning(
                            "template/not-filled",
                            text.place(foreign.start(), foreign.end()),
                            "`" + foreign.group() + "` is shown to the reader as it stands",
                            "write {{ label }} for a label; every alert carries the values of its legs");
                }
            }
        }
    }

    /** A single word in braces is a label, known or not. */
    private static boolean isHole(String text) {
        return text.startsWith("{{") && text.replaceAll("[{}]", "").strip().matches("\\S+");
    }
}
