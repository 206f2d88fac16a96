// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Tier;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One time a rule called for a person. Times are Unix milliseconds.
 *
 * @param episode the alert's key
 * @param alert rule and labels: the same from one episode to the next
 * @param rule its name
 * @param revision of the rule set that decided
 * @param owner who fixes or deletes the rule
 * @param told whether a person was paged; false for a rule in shadow or of a lower tier, which counts for recall only
 * @param startMillis when the condition became true
 * @param atMillis when the page went out
 * @param ackMillis when the first person took it
 * @param endMillis when it was over
 * @param people how many worked on it
 * @param incident the identity of its incident at the provider; pages with the same one are of one incident
 * @param demotable whether its rule then let its track record demote it
 * @param ticketed whether it opened a ticket: its rule is of that tier, or was demoted to it
 * @param byItself whether it was over because its alert was, not because a person said so before
 */
public record Page(
        String episode,
        String alert,
        String rule,
        String revision,
        String owner,
        boolean told,
        long startMillis,
        long atMillis,
        OptionalLong ackMillis,
        OptionalLong endMillis,
        int people,
        Optional<String> incident,
        boolean demotable,
        boolean ticketed,
        boolean byItself) {
    private static final int SHORT_MINUTES = 5;
    private static final double SHORT_WEIGHT = 0.5;

    public Page {
        requireNonNull(episode, "episode");
        requireNonNull(alert, "alert");
        requireNonNull(rule, "rule");
        requireNonNull(revision, "revision");
        requireNonNull(owner, "owner");
        requireNonNull(ackMillis, "ackMillis");
        requireNonNull(endMillis, "endMillis");
        requireNonNull(incident, "incident");
        if (people < 1) {
            throw new IllegalArgumentException("people: " + people + " (expected: 1 or more)");
        }
    }

    /** A page of a rule that only people demote. */
    public Page(
            String episode,
            String alert,
            String rule,
            String revision,
            String owner,
            boolean told,
            long startMillis,
            long atMillis,
            OptionalLong ackMillis,
            OptionalLong endMillis,
            int people,
            Optional<String> incident) {
        this(
                episode,
                alert,
                rule,
                revision,
                owner,
                told,
                startMillis,
                atMillis,
                ackMillis,
                endMillis,
                people,
                incident,
                false,
                false,
                false);
    }

    /**
     * What its course lets one conclude: when it was over by itself within {@value #SHORT_MINUTES} minutes, before anybody
     * took it, it was probably noise. Weak: the verdict of nobody, with a weight of {@value #SHORT_WEIGHT}.
     */
    Optional<Verdict> implied() {
        if (!told || !byItself || endMillis.isEmpty()) {
            return Optional.empty();
        }
        long end = endMillis.getAsLong();
        long lasted = end - atMillis;
        boolean taken = ackMillis.isPresent() && ackMillis.getAsLong() <= end;
        // What went out late, after its end, tells nothing: nobody could take it.
        if (taken || lasted < 0 || lasted >= Duration.ofMinutes(SHORT_MINUTES).toMillis()) {
            return Optional.empty();
        }
        return Optional.of(Verdict.implied(
                episode,
                Verdict.Kind.NOISE,
                "",
                "Conjunct",
                end,
                SHORT_WEIGHT,
                "over after " + lasted / 1_000 + " s, before anybody took it"));
    }

    /** The same episode at a lower price: a ticket in place of a page, nothing but a mark in place of a ticket. */
    Page demoted() {
        return told(false, told);
    }

    /** The same episode as it counts where tickets are judged: as a page when it called for somebody. */
    Page judgedAsTicket(boolean pagesToo) {
        return told(ticketed || (pagesToo && told), ticketed);
    }

    /** What it cost a human: empty when none was told. */
    Optional<Tier> price() {
        if (told) {
            return Optional.of(Tier.PAGE);
        }
        return ticketed ? Optional.of(Tier.TICKET) : Optional.empty();
    }

    private Page told(boolean asPage, boolean asTicket) {
        return new Page(
                episode,
                alert,
                rule,
                revision,
                owner,
                asPage,
                startMillis,
                atMillis,
                ackMillis,
                endMillis,
                people,
                incident,
                demotable,
                asTicket,
                byItself);
    }

    /** A page nobody has taken yet. */
    public static Page of(String episode, String alert, String rule, String revision, String owner, long atMillis) {
        return new Page(
                episode,
                alert,
                rule,
                revision,
                owner,
                true,
                atMillis,
                atMillis,
                OptionalLong.empty(),
                OptionalLong.empty(),
                1,
                Optional.empty());
    }
}
