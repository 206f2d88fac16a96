// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import io.conjunct.record.Gate.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the gate's decisions came about, one after the other, as each verdict came in: the same in every replay. */
public final class TierHistory {
    /** From then on the gate said this about the rule. */
    public record Change(long atMillis, String rule, Decision decision, String reason) {}

    private TierHistory() {}

    /** Replays the verdicts in their order. Work grows with verdicts x pages: meant for reports, not for each alert. */
    public static List<Change> of(Ledger ledger, int days) {
        Map<String, String> rules = new HashMap<>();
        ledger.pages().forEach(page -> rules.put(page.episode(), page.rule()));
        Map<String, Decision> current = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (Verdict verdict : ledger.verdicts()) {
            String rule = rules.get(verdict.episode());
            if (rule == null || !verdict.explicit()) {
                continue;
            }
            Gate.Finding finding = Gate.judge(ledger.asOf(verdict.atMillis()), rule, verdict.atMillis(), days);
            if (current.put(rule, finding.decision()) != finding.decision()) {
                changes.add(new Change(verdict.atMillis(), rule, finding.decision(), finding.reason()));
            }
        }
        return changes;
    }
}
