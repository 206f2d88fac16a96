// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.record.Gate.Decision;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The gate never acts in silence: while it proposes to demote a rule, a ticket is open with the rule's owner, delivered
 * like any alert of that tier.
 */
final class GateTicket {
    private static final String SUFFIX = ":TrackRecord";
    private static final String REASON = "track record";

    private GateTicket() {}

    /** Whether an alert is one of these, about which no record is kept. */
    static boolean is(Alert alert) {
        return alert.reason().equals(REASON) && alert.name().endsWith(SUFFIX);
    }

    /**
     * What must be told now.
     *
     * @param open since when a ticket is open; empty text for not any more
     * @param todayMillis the beginning of the day, which is when a ticket of today starts
     */
    static Optional<Alert> next(RuleRecord record, Optional<String> open, long todayMillis) {
        boolean isOpen = open.filter(since -> !since.isEmpty()).isPresent();
        boolean due = record.gate().decision() == Decision.PROPOSE_TICKET;
        if (isOpen == due) {
            return Optional.empty();
        }
        long start = isOpen ? Long.parseLong(open.orElseThrow()) : todayMillis;
        return Optional.of(ticket(record, due ? State.FIRING : State.RESOLVED, start, todayMillis));
    }

    private static Alert ticket(RuleRecord record, State state, long startMillis, long nowMillis) {
        String name = record.rule() + SUFFIX;
        TrackRecord judged = record.judged();
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("rule", record.rule());
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put(
                "summary",
                state == State.FIRING
                        ? record.rule() + " wakes people for noise: "
                                + record.gate().reason()
                        : record.rule() + " is not proposed for demotion any more: "
                                + record.gate().reason());
        annotations.put(
                "description",
                String.format(
                        Locale.ROOT,
                        "%s. It is worse than two pages to an incident with a probability of %.2f. Fix its condition, or"
                                + " make it a ticket: conjunct report --patch | git apply",
                        judged.sentence(),
                        record.gate().worse()));
        boolean over = state == State.RESOLVED;
        return new Alert(
                name,
                "track-record",
                state,
                Tier.TICKET,
                labels,
                nowMillis,
                startMillis,
                over ? OptionalLong.of(nowMillis) : OptionalLong.empty(),
                List.of(),
                Alert.episode(name, labels, startMillis),
                judged.owner(),
                annotations,
                REASON,
                false,
                judged.revision(),
                "",
                List.of());
    }
}
