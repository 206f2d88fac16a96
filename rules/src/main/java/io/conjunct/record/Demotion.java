// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Tier;
import io.conjunct.record.Gate.Decision;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A time in which a rule's pages are tickets, because it said {@code demote: auto} and the {@link Gate} found it worse
 * than 2:1. One tier, never to {@link Tier#ANNOTATE}; begins some minutes after its verdict, so that whoever delivers has
 * heard of it, and ends by itself, by an edit of the rule, or when the rule no longer lets itself be demoted. What it
 * covers depends on the alert's own fields and on nothing else: an episode's begin and end go the same way, in every replay.
 *
 * @param revision of the rule; another one is not demoted
 * @param sinceMillis episodes that begin from then on are tickets, Unix milliseconds
 * @param expiresMillis those that begin from then on are pages again
 * @param reason such as {@code 2 of 10 judged episodes were incidents}
 */
public record Demotion(String rule, String revision, long sinceMillis, long expiresMillis, String reason) {
    static final long DELAY = Duration.ofMinutes(10).toMillis();
    static final long LENGTH = Duration.ofDays(28).toMillis();

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    public Demotion {
        requireNonNull(rule, "rule");
        requireNonNull(revision, "revision");
        requireNonNull(reason, "reason");
        if (expiresMillis <= sinceMillis) {
            throw new IllegalArgumentException("expires: " + expiresMillis + " (expected: after " + sinceMillis + ")");
        }
    }

    /**
     * All demotions of a rule, one after the other. Judged anew after each verdict but those that say "incident", by the
     * pages of the revision that paged last; the exclusions of the gate hold for all revisions. A page that was demoted
     * counts as none, so when a demotion is over the rule begins with an empty record. Work grows with verdicts x pages
     * of the rule, which the ledger bounds.
     */
    static List<Demotion> of(Ledger ledger, String rule) {
        List<Page> own =
                ledger.pages().stream().filter(page -> page.rule().equals(rule)).toList();
        List<Demotion> found = new ArrayList<>();
        if (own.stream().noneMatch(Page::demotable)) {
            return found;
        }
        Set<String> episodes = own.stream().map(Page::episode).collect(Collectors.toCollection(HashSet::new));
        Ledger known = ledger;
        for (Verdict verdict : ledger.verdicts()) {
            long at = verdict.atMillis();
            if (!verdict.explicit()
                    || verdict.kind() == Verdict.Kind.INCIDENT
                    || !episodes.contains(verdict.episode())
                    || known.demotion(rule, at).isPresent()) {
                continue;
            }
            Optional<Demotion> next = decide(known, rule, at);
            if (next.isPresent()) {
                found.add(next.get());
                known = known.demoted(List.of(next.get()));
            }
        }
        return found;
    }

    private static Optional<Demotion> decide(Ledger ledger, String rule, long at) {
        Optional<Page> newest = ledger.newest(rule, at).filter(Page::demotable);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        String revision = newest.get().revision();
        Ledger then = ledger.asOf(at);
        Gate.Finding own = Gate.judge(then.onlyRevision(rule, revision), rule, at, RuleRecord.JUDGED_BY);
        if (own.decision() != Decision.PROPOSE_TICKET
                || then.protection(rule, at, RuleRecord.JUDGED_BY).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Demotion(rule, revision, at + DELAY, at + DELAY + LENGTH, own.reason()));
    }

    boolean covers(Page page) {
        return page.demotable() && covers(page.rule(), page.revision(), page.startMillis());
    }

    /** Whether this alert, that began or ended, is a ticket by this. */
    public boolean covers(Alert alert) {
        return alert.demotable()
                && alert.tier() == Tier.PAGE
                && covers(alert.name(), alert.ruleRevision(), alert.startsAtMillis());
    }

    private boolean covers(String name, String of, long start) {
        return rule.equals(name) && revision.equals(of) && start >= sinceMillis && start < expiresMillis;
    }

    /** For whoever gets a ticket in place of a page. */
    public String sentence() {
        return "demoted from page to ticket from " + TIME.format(Instant.ofEpochMilli(sinceMillis)) + " until "
                + TIME.format(Instant.ofEpochMilli(expiresMillis)) + ": " + reason
                + "; undo: remove `demote: auto` from the rule";
    }

    /** In a few words. */
    public String until() {
        return "demoted until " + Instant.ofEpochMilli(expiresMillis).toString().substring(0, 10);
    }

    /** Adds its members. */
    public void write(ObjectNode node) {
        node.put("rule", rule).put("revision", revision);
        node.put("from", Tier.PAGE.word()).put("to", Tier.TICKET.word());
        node.put("since", Instant.ofEpochMilli(sinceMillis).toString());
        node.put("expires", Instant.ofEpochMilli(expiresMillis).toString());
        node.put("reason", reason);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException or {@link java.time.DateTimeException} when it is none
     */
    public static Demotion read(JsonNode node) {
        return new Demotion(
                node.required("rule").asText(),
                node.required("revision").asText(),
                Instant.parse(node.required("since").asText()).toEpochMilli(),
                Instant.parse(node.required("expires").asText()).toEpochMilli(),
                node.required("reason").asText());
    }
}
