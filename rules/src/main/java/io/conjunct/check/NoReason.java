// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import java.util.Locale;
import java.util.Set;

/** {@code rule/single-signal-no-reason}: the reason is printed with every page and in every report; "todo" is none. */
final class NoReason implements EachRule {
    private static final Set<String> NONE = Set.of(
            "todo", "tbd", "fixme", "none", "na", "n/a", "yes", "true", "ok", "because", "reason", "test", "-", "…");

    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        draft.table()
                .scalar("single_signal")
                .filter(r -> NONE.contains(r.text().strip().toLowerCase(Locale.ROOT)))
                .ifPresent(r -> findings.error(
                        "rule/single-signal-no-reason",
                        r.place(),
                        "`" + r.text() + "` is no reason to wake somebody on one signal",
                        "say why this signal is itself what users feel, or add a second one"));
    }
}
