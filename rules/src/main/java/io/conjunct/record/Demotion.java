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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A time in which a rule's pages are tickets, because it said {@code demote: auto} and the {@link Gate} found it worse
 * than 2:1; or its tickets marks on dashboards, by the record of its tickets. One tier at a time; begins some minutes after its verdict, so that whoever delivers has
 * heard of it, and ends by itself, by a {@link Restoration}, by an edit of the rule, or when the rule no longer lets itself be demoted. What it
 * covers depends on the alert's own fields and on nothing else: an episode's begin and end go the same way, in every replay.
 *
 * @param from what is one tier cheaper: pages or tickets
 * @param revision of the rule; another one is not demoted
 * @param sinceMillis episodes that begin from then on are tickets, Unix milliseconds
 * @param expiresMillis those that begin from then on are pages again
 * @param reason such as {@code 2 of 10 judged episodes were incidents}
 * @param restoredBy who took it back at {@code expiresMillis}; empty while nobody has
 */
public record Demotion(
        Tier from,
        String rule,
        String revision,
        long sinceMillis,
        long expiresMillis,
        String reason,
        String restoredBy) {
    static final long DELAY = Duration.ofMinutes(10).toMillis();
    static final long LENGTH = Duration.ofDays(28).toMillis();

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    public Demotion {
        requireNonNull(rule, "rule");
        if (from == Tier.ANNOTATE) {
            throw new IllegalArgumentException("from: annotate (expected: page or ticket)");
        }
        requireNonNull(revision, "revision");
        requireNonNull(reason, "reason");
        requireNonNull(restoredBy, "restoredBy");
        if (expiresMillis <= sinceMillis) {
            throw new IllegalArgumentException("expires: " + expiresMillis + " (expected: after " + sinceMillis + ")");
        }
    }

    /**
     * All demotions of a rule, one after the other. Judged anew after each verdict but those that say "incident", by the
     * pages of the revision that paged last; the exclusions of the gate hold for all revisions. A page that was demoted
     * counts as none, so when a demotion is over the rule begins with an empty record; after a restoration what it paged
     * before counts as none too, and what is restored before it has begun never was. Work grows with verdicts x pages of
     * the rule, which the ledger bounds.
     */
    static List<Demotion> of(Ledger ledger, String rule, List<Restoration> restorations) {
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
                    || !episodes.contains(verdict.episode())) {
                continue;
            }
            Optional<Demotion> next = decide(known, rule, at, restorations);
            if (next.isPresent()) {
                found.add(next.get());
                known = known.demoted(List.of(next.get()));
            }
        }
        return found;
    }

    private static Optional<Demotion> decide(Ledger ledger, String rule, long at, List<Restoration> restorations) {
        Optional<Page> newest = ledger.newest(rule, at).filter(Page::demotable);
        Optional<Tier> from = newest.flatMap(Page::price);
        Optional<Demotion> inForce = ledger.demotion(rule, at);
        if (newest.isEmpty()
                || from.isEmpty()
                || inForce.filter(each -> each.from().compareTo(from.get()) >= 0)
                        .isPresent()) {
            return Optional.empty();
        }
        String revision = newest.get().revision();
        Ledger then =
                from.get() == Tier.PAGE ? ledger.asOf(at) : ledger.asOf(at).tickets(rule);
        long anew = restorations.stream()
                .mapToLong(Restoration::atMillis)
                .filter(restored -> restored <= at)
                .max()
                .orElse(Long.MIN_VALUE);
        Gate.Finding own = Gate.judge(
                then.onlyRevision(rule, revision, anew), rule, at, RuleRecord.JUDGED_BY, Decision.PROPOSE_TICKET);
        if (own.decision() != Decision.PROPOSE_TICKET
                || then.protection(rule, at, RuleRecord.JUDGED_BY).isPresent()) {
            return Optional.empty();
        }
        long since = at + DELAY;
        Optional<Restoration> restored = restorations.stream()
                .filter(each -> each.atMillis() > at && each.atMillis() < since + LENGTH)
                .min(Comparator.comparingLong(Restoration::atMillis).thenComparing(Restoration::by));
        // When the pages of a rule are pages again, its tickets that were pages are none to be cheaper.
        long longest = inForce.map(Demotion::expiresMillis).orElse(Long.MAX_VALUE);
        long until = Math.min(longest, restored.map(Restoration::atMillis).orElse(since + LENGTH));
        if (until <= since) {
            return Optional.empty();
        }
        String by = restored.map(Restoration::by).orElse("");
        return Optional.of(new Demotion(from.get(), rule, revision, since, until, own.reason(), by));
    }

    boolean covers(Page page) {
        return isTimeOf(page) && page.price().filter(from::equals).isPresent();
    }

    /** Whether a page began while this was in force, whatever it cost. */
    boolean isTimeOf(Page page) {
        return page.demotable() && covers(page.rule(), page.revision(), page.startMillis());
    }

    /** What its alerts cost. */
    public Tier to() {
        return from.below();
    }

    /** Whether this alert, that began or ended, is one tier cheaper by this. */
    public boolean covers(Alert alert) {
        return alert.demotable()
                && alert.tier() == from
                && covers(alert.name(), alert.ruleRevision(), alert.startsAtMillis());
    }

    private boolean covers(String name, String of, long start) {
        return rule.equals(name) && revision.equals(of) && start >= sinceMillis && start < expiresMillis;
    }

    /** For whoever gets a ticket in place of a page. */
    public String sentence() {
        return "demoted from " + from.word() + " to " + to().word() + " from "
                + TIME.format(Instant.ofEpochMilli(sinceMillis)) + " until "
                + TIME.format(Instant.ofEpochMilli(expiresMillis)) + ": " + reason
                + "; undo: conjunct verdict --restore " + rule + ", or remove `demote: auto` from the rule";
    }

    /** In a few words. */
    public String until() {
        return "demoted until " + expires();
    }

    /** The day on which it ends, UTC. */
    public String expires() {
        return Instant.ofEpochMilli(expiresMillis).toString().substring(0, 10);
    }

    /** Adds its members. */
    public void write(ObjectNode node) {
        node.put("rule", rule).put("revision", revision);
        node.put("from", from.word()).put("to", to().word());
        node.put("since", Instant.ofEpochMilli(sinceMillis).toString());
        node.put("expires", Instant.ofEpochMilli(expiresMillis).toString());
        node.put("reason", reason);
        if (!restoredBy.isEmpty()) {
            node.put("restored_by", restoredBy);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException or {@link java.time.DateTimeException} when it is none
     */
    public static Demotion read(JsonNode node) {
        return new Demotion(
                Tier.of(node.required("from").asText()),
                node.required("rule").asText(),
                node.required("revision").asText(),
                Instant.parse(node.required("since").asText()).toEpochMilli(),
                Instant.parse(node.required("expires").asText()).toEpochMilli(),
                node.required("reason").asText(),
                node.path("restored_by").asText());
    }
}
