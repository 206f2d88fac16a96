// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.MuteDraft;
import io.conjunct.rule.Node;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import io.conjunct.signal.Matcher;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code mute/unknown-rule}, {@code mute/matches-nothing}, {@code mute/everything}, {@code mute/duplicate-name}: a mute that
 * is about no alert gives false peace, and one about every alert hides the next incident.
 */
final class MutedRules {
    private final List<GroupDraft> groups;
    private final Findings findings;
    private final Map<String, Place> names = new HashMap<>();

    MutedRules(List<GroupDraft> groups, Findings findings) {
        this.groups = groups;
        this.findings = findings;
    }

    void check(List<MuteDraft> silences) {
        for (GroupDraft group : groups) {
            group.mutes().forEach(mute -> check(mute, group.rules()));
        }
        List<RuleDraft> all = groups.stream().flatMap(g -> g.rules().stream()).toList();
        for (MuteDraft silence : silences) {
            check(silence, all);
            if (silence.mute().rules().isEmpty() && silence.mute().labels().isEmpty()) {
                findings.error(
                        "mute/everything",
                        silence.name().place(),
                        "this silences every alert there is",
                        "name the alerts it is about: `rules: […]`, or `labels: {…}`");
            }
        }
    }

    private void check(MuteDraft draft, List<RuleDraft> rules) {
        Place first = names.putIfAbsent(draft.name().text(), draft.name().place());
        if (first != null) {
            findings.error(
                    "mute/duplicate-name",
                    draft.name().place(),
                    "the mute `" + draft.name().text() + "` exists already, in " + first.path() + ":" + first.line(),
                    "rename one of them: alerts say by which name they were muted");
        }
        List<String> known = rules.stream().map(r -> r.name().text()).toList();
        boolean allKnown = true;
        for (Node.Scalar rule :
                draft.table().sequence("rules").map(Node.Sequence::scalars).orElse(List.of())) {
            if (!known.contains(rule.text())) {
                allKnown = false;
                findings.error(
                        "mute/unknown-rule",
                        rule.place(),
                        "there is no rule `" + rule.text() + "` here",
                        Spelling.nearest(rule.text(), known)
                                .map(n -> "did you mean `" + n + "`?")
                                .orElse("name a rule of this group, or remove it"));
            }
        }
        List<Rule> meant = rules.stream()
                .flatMap(r -> r.rule().stream())
                .filter(r -> draft.mute().concerns(r.name()))
                .toList();
        boolean allRead = rules.stream().allMatch(r -> r.rule().isPresent());
        if (allKnown && allRead && meant.stream().noneMatch(r -> canMatch(draft, r))) {
            findings.warning(
                    "mute/matches-nothing",
                    draft.table()
                            .get("labels")
                            .map(Node::place)
                            .orElse(draft.name().place()),
                    "no alert can have these labels, so nothing is muted",
                    meant.isEmpty()
                            ? "remove the mute, or name a rule that exists"
                            : "name join keys or labels of its rules; an alert without the label is never muted");
        }
    }

    /** Fixed labels are known; join keys may have any value. */
    private static boolean canMatch(MuteDraft draft, Rule rule) {
        for (Matcher matcher : draft.mute().labels()) {
            String fixed = rule.labels().get(matcher.attribute());
            boolean possible = fixed == null
                    ? rule.on().contains(matcher.attribute())
                    : Stream.of(fixed).anyMatch(matcher.ofValue());
            if (!possible) {
                return false;
            }
        }
        return true;
    }
}
