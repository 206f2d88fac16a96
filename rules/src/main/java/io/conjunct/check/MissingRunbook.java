// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.alert.Tier;
import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Node;
import io.conjunct.rule.RuleDraft;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * {@code rule/missing-runbook}, {@code rule/missing-summary}, {@code rule/runbook-url}, {@code rule/runbook-not-https}: whoever is woken needs one
 * sentence and one link. An error for a page, a warning for a ticket.
 */
final class MissingRunbook implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (RuleDraft rule : group.rules()) {
                Optional<Tier> tier = rule.tier();
                if (tier.isPresent() && tier.get() != Tier.ANNOTATE) {
                    require(
                            rule,
                            tier.get(),
                            "summary",
                            "rule/missing-summary",
                            "one sentence: what is wrong for whom",
                            findings);
                    require(rule, tier.get(), "runbook_url", "rule/missing-runbook", "a link to what to do", findings);
                }
                url(rule, findings);
            }
        }
    }

    private static void require(RuleDraft rule, Tier tier, String key, String id, String what, Findings findings) {
        Optional<Node.Scalar> text = rule.table().table("annotations").flatMap(a -> a.scalar(key));
        if (text.isPresent() && !text.get().text().isBlank()) {
            return;
        }
        Place at = text.map(Node.Scalar::place).orElse(rule.name().place());
        String message = "the " + tier.word() + " `" + rule.name().text() + "` has no " + key;
        String fix = "add `" + key + ":` under `annotations`: " + what;
        findings.add(
                tier == Tier.PAGE ? Diagnostic.error(id, at, message, fix) : Diagnostic.warning(id, at, message, fix));
    }

    private static void url(RuleDraft rule, Findings findings) {
        rule.table()
                .table("annotations")
                .flatMap(a -> a.scalar("runbook_url"))
                .filter(u -> !u.text().isBlank() && !u.text().contains("{{") && !isUrl(u.text()))
                .ifPresent(u -> findings.error(
                        "rule/runbook-url",
                        u.place(),
                        "`" + u.text() + "` is not a link",
                        "write it like https://runbooks.example.com/read-api-faults"));
        rule.table()
                .table("annotations")
                .flatMap(a -> a.scalar("runbook_url"))
                .filter(u -> u.text().startsWith("http://") && isUrl(u.text()))
                .ifPresent(u -> findings.warning(
                        "rule/runbook-not-https",
                        u.place(),
                        "who reads this over http cannot know whose advice it is",
                        "write https://" + u.text().substring("http://".length())));
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
