// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.LegPages;
import io.conjunct.engine.Store;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Folds four topics into records of rules: an alert opens a page, the delivery log says when it went out, statements what
 * it was and who took it, the resolve when it was over; leg pages, what less would have been asked of people for. What is
 * known in the end does not depend on how the topics interleave, nor on how often a record comes. No clock is read: a
 * record speaks of the days up to the end of the newest UTC day that alerts, deliveries or verdicts said here have
 * reached, and when that day changes, all records are told again.
 *
 * <p>Everything is kept in the store for {@value #KEPT_DAYS} days; the heap holds nothing. Used by one thread.
 */
public final class LedgerFold {
    static final int KEPT_DAYS = 400;

    /** Two would do unless rules protect each other in turn. */
    private static final int ROUNDS = 8;

    private static final String TODAY = "today";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Takes what has changed. */
    public interface Output {
        void record(RuleRecord record);

        /** A ticket of the gate, or its end. */
        void alert(Alert ticket);
    }

    private final Shelf shelf;
    private final Cost cost;
    private final @Nullable Output output;

    public LedgerFold(Store store, Cost cost, Output output) {
        this(new Shelf(store), cost, output);
    }

    private LedgerFold(Shelf shelf, Cost cost, @Nullable Output output) {
        this.shelf = shelf;
        this.cost = cost;
        this.output = output;
    }

    /**
     * Only keeps what it is given, for {@link #read}: works out no record and no demotion, so that a long past is folded in
     * no time.
     */
    public static LedgerFold silent(Store store, Cost cost) {
        return new LedgerFold(new Shelf(store), cost, null);
    }

    /** Reads what a fold has put into this store. */
    public static Ledger read(Store store, long sinceMillis, Cost cost) {
        Shelf shelf = new Shelf(store);
        return shelf.all(sinceMillis, cost).demoted(shelf.demotions());
    }

    /**
     * A value of the alerts topic.
     *
     * @throws IOException when it is none
     */
    public void alert(String json) throws IOException {
        Alert alert = AlertJson.read(json);
        boolean over = alert.state() == State.RESOLVED;
        if (GateTicket.is(alert) || alert.muted().isPresent() || (alert.state() != State.FIRING && !over)) {
            return; // Nobody is told of what is muted.
        }
        change(alert.episode(), draft -> {
            if (over) {
                Drafts.over(draft, alert);
            } else {
                Drafts.fired(draft, alert);
            }
        });
        if (alert.demotable() && !shelf.demotable(alert.name())) {
            shelf.demotions(alert.name(), List.of());
        }
        tell(shelf.rulesAround(alert.episode()), alert.atMillis());
    }

    /**
     * A value of the deliveries topic.
     *
     * @throws IOException when it is none
     */
    public void delivery(String json) throws IOException {
        String episode;
        long at;
        try {
            JsonNode entry = JSON.readTree(json);
            if (!entry.required("stage").asText().equals("triggered")) {
                return;
            }
            episode = entry.required("key").asText();
            at = Instant.parse(entry.required("at").asText()).toEpochMilli();
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("no delivery: " + e.getMessage(), e);
        }
        change(episode, draft -> Drafts.earliest(draft, "sent", at));
        tell(shelf.rulesAround(episode), at);
    }

    /**
     * A value of the verdicts topic.
     *
     * @throws IOException when it is none
     */
    public void said(String json) throws IOException {
        Statement statement = StatementJson.read(json);
        if (statement instanceof Verdict verdict) {
            shelf.verdict(verdict);
            // A provider's clock is not ours.
            boolean ours = verdict.source() != Verdict.Source.PAGERDUTY && verdict.explicit();
            tell(shelf.rulesAround(verdict.episode()), ours ? verdict.atMillis() : Long.MIN_VALUE);
        } else if (statement instanceof Observation observation) {
            change(observation.episode(), draft -> Drafts.seen(draft, observation));
            tell(shelf.rulesAround(observation.episode()), Long.MIN_VALUE);
        } else if (statement instanceof MissedIncident incident) {
            shelf.missed(incident);
            tell(incident.rule().isEmpty() ? Set.of() : Set.of(incident.rule()), incident.atMillis());
        } else if (statement instanceof Restoration restoration) {
            shelf.restoration(restoration);
            tell(Set.of(restoration.rule()), restoration.atMillis());
        }
    }

    /**
     * A value of the topic of leg pages.
     *
     * @throws IOException when it is none
     */
    public void legs(String json) throws IOException {
        LegPages pages = LegPages.read(json);
        shelf.legs(pages);
        tell(Set.of(pages.rule()), pages.dayMillis());
    }

    private void change(String episode, Consumer<ObjectNode> how) {
        ObjectNode draft = shelf.page(episode).orElseGet(Drafts::empty);
        how.accept(draft);
        shelf.page(episode, draft);
    }

    private void tell(Collection<String> rules, long atMillis) {
        if (output == null) {
            return;
        }
        long was = shelf.note(TODAY).map(Long::parseLong).orElse(Long.MIN_VALUE);
        long day = atMillis == Long.MIN_VALUE ? was : Math.max(was, Math.floorDiv(atMillis, Shelf.DAY));
        if (day == Long.MIN_VALUE) {
            return;
        }
        long now = atMillis == Long.MIN_VALUE ? day * Shelf.DAY : atMillis;
        if (day == was) {
            settle(output, rules, day, now);
            return;
        }
        shelf.note(TODAY, Long.toString(day));
        Collection<String> known = shelf.rules();
        for (String rule : known) {
            shelf.forget(rule, (day - KEPT_DAYS) * Shelf.DAY);
        }
        settle(output, known, day, now);
    }

    /**
     * Tells these rules; all of them again where one was demoted, for then it no longer tells of the incidents it shares
     * with others. A demotion depends on earlier ones alone, so this ends.
     */
    private void settle(Output into, Collection<String> rules, long day, long now) {
        Collection<String> these = rules;
        for (int round = 0; round < ROUNDS && !these.isEmpty(); round++) {
            boolean changed = false;
            for (String rule : these) {
                changed |= tell(into, rule, day, now);
            }
            these = changed ? shelf.rules() : List.of();
        }
    }

    /** Whether its demotions are others than before. */
    private boolean tell(Output into, String rule, long day, long now) {
        long end = (day + 1) * Shelf.DAY;
        List<Demotion> all = shelf.demotions();
        List<Demotion> others =
                all.stream().filter(each -> !each.rule().equals(rule)).toList();
        List<Demotion> before =
                all.stream().filter(each -> each.rule().equals(rule)).toList();
        List<Demotion> demotions = shelf.demotable(rule)
                ? Demotion.of(shelf.extract(rule, 0, cost).ledger().demoted(others), rule, shelf.restorations(rule))
                : List.of();
        boolean changed = !demotions.equals(before);
        if (changed) {
            shelf.demotions(rule, demotions);
        }
        // A page may begin before the window in which it is sent.
        Shelf.Extract extract = shelf.extract(rule, end - 92 * Shelf.DAY, cost);
        Ledger ledger = extract.ledger().demoted(others).demoted(demotions);
        RuleRecord record = RuleRecord.of(ledger, rule, end, extract.truncated());
        into.record(record);
        String name = "gate " + rule;
        long latest = ledger.newest(rule, end).map(Page::startMillis).orElse(now);
        Optional<Demotion> inForce = ledger.demotion(rule, Math.max(now, latest));
        GateTicket.Steps steps = GateTicket.next(record, inForce, GateTicket.Open.read(shelf.note(name)), now);
        steps.alerts().forEach(into::alert);
        shelf.note(name, steps.open().map(GateTicket.Open::write).orElse(""));
        return changed;
    }
}
