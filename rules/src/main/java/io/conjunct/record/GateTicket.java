// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.record.Gate.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The gate never acts in silence: when it proposes to demote a rule, a ticket is opened with the rule's owner, delivered
 * like any alert of that tier. It stays until the rule is no longer even flagged, so that one verdict more or less does
 * not open and close it. When the rule is demoted by its record alone the ticket says so, until it is not any more.
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
     * A ticket that is open.
     *
     * @param demotedTo what it says that the rule is demoted to; empty when it says that it should be
     */
    record Open(long startMillis, Optional<Tier> demotedTo) {
        static Optional<Open> read(Optional<String> note) {
            return note.filter(text -> !text.isEmpty()).map(text -> {
                String[] words = text.split(" ", -1);
                return new Open(
                        Long.parseLong(words[0]),
                        words.length == 1 ? Optional.empty() : Optional.of(Tier.of(words[1])));
            });
        }

        String write() {
            return startMillis + demotedTo.map(tier -> " " + tier.word()).orElse("");
        }
    }

    /** What must be told now, in this order, and which ticket is open then. */
    record Steps(List<Alert> alerts, Optional<Open> open) {}

    /**
     * What follows from a rule's record.
     *
     * @param demotion what is in force
     * @param open the ticket that is open until now
     * @param nowMillis when what was learned last had happened
     */
    static Steps next(RuleRecord record, Optional<Demotion> demotion, Optional<Open> open, long nowMillis) {
        Decision decision = record.gate().decision();
        boolean due = demotion.isPresent() || decision.proposes();
        boolean same = open.filter(ticket -> ticket.demotedTo().equals(demotion.map(Demotion::to)))
                .isPresent();
        if (same ? due || decision == Decision.FLAG : open.isEmpty() && !due) {
            return new Steps(List.of(), open);
        }
        List<Alert> alerts = new ArrayList<>();
        long start = nowMillis;
        if (open.isPresent()) {
            long since = open.get().startMillis();
            long end = Math.max(since, nowMillis);
            alerts.add(ticket(record, State.RESOLVED, since, end, over(record, open.get(), demotion)));
            start = end + 1; // A ticket of its own, for what it says is something else.
        }
        if (!due) {
            return new Steps(alerts, Optional.empty());
        }
        alerts.add(ticket(record, State.FIRING, start, start, opened(record, demotion)));
        return new Steps(alerts, Optional.of(new Open(start, demotion.map(Demotion::to))));
    }

    private static String opened(RuleRecord record, Optional<Demotion> demotion) {
        return demotion.map(each -> record.rule() + " is " + each.sentence())
                .orElseGet(() -> record.rule()
                        + (record.gate().decision() == Decision.PROPOSE_ANNOTATE
                                ? " opens tickets for noise: "
                                : " wakes people for noise: ")
                        + record.gate().reason());
    }

    private static String over(RuleRecord record, Open open, Optional<Demotion> demotion) {
        if (demotion.isPresent() && open.demotedTo().isPresent()) {
            return record.rule() + " is demoted further: " + demotion.get().reason();
        }
        if (open.demotedTo().isPresent()) {
            String by = record.demotions().isEmpty()
                    ? ""
                    : record.demotions().get(record.demotions().size() - 1).restoredBy();
            boolean paged = open.demotedTo().get() == Tier.TICKET
                    || record.demotions().stream().anyMatch(each -> each.from() == Tier.PAGE);
            return record.rule()
                    + (paged ? " pages again" : " opens tickets again")
                    + (by.isEmpty() ? "" : ", restored by " + by);
        }
        String now = demotion.isPresent() ? " is demoted now: " : " is not proposed for demotion any more: ";
        return record.rule() + now + record.gate().reason();
    }

    private static Alert ticket(RuleRecord record, State state, long startMillis, long nowMillis, String summary) {
        String name = record.rule() + SUFFIX;
        TrackRecord judged = record.judged();
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("rule", record.rule());
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put("summary", summary);
        boolean tickets = record.gate().decision() == Decision.PROPOSE_ANNOTATE;
        annotations.put(
                "description",
                String.format(
                        Locale.ROOT,
                        "%s. It is worse than two %s to an incident with a probability of %.2f. Fix its condition, or"
                                + " make it one tier cheaper: conjunct report --patch | git apply",
                        tickets ? record.gate().reason() : judged.sentence(),
                        tickets ? "tickets" : "pages",
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
                List.of(),
                Optional.empty(),
                false);
    }
}
