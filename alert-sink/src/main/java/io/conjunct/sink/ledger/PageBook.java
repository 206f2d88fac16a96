// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Observation;
import io.conjunct.record.Observation.What;
import io.conjunct.record.Page;
import io.conjunct.record.Statement;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Folds the three topics into pages, in any interleaving: an alert opens a page, the delivery log says when it went out,
 * observations when it was taken, the resolve when it was over. Keeps the last {@value #MAX_EPISODES} episodes and
 * {@value #MAX_SAID} statements; older ones are dropped and counted. What cannot be read is counted too. Safe for several
 * threads.
 */
public final class PageBook {
    static final int MAX_EPISODES = 50_000;
    static final int MAX_SAID = 100_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final class Draft {
        @Nullable
        Alert alert;

        OptionalLong sent = OptionalLong.empty();
        OptionalLong ack = OptionalLong.empty();
        OptionalLong end = OptionalLong.empty();
        Optional<String> incident = Optional.empty();
    }

    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Deque<Verdict> verdicts = new ArrayDeque<>();
    private final Deque<MissedIncident> missed = new ArrayDeque<>();
    private long dropped;
    private long unreadable;

    /** A value of the alerts topic. */
    public synchronized void alert(String json) {
        try {
            Alert alert = AlertJson.read(json);
            if (alert.muted().isPresent()) {
                return; // Nobody was told of it.
            }
            if (alert.state() == State.FIRING) {
                draft(alert.episode()).alert = alert;
            } else if (alert.state() == State.RESOLVED) {
                Draft draft = draft(alert.episode());
                draft.end = earliest(draft.end, alert.atMillis());
            }
        } catch (IOException e) {
            unreadable++;
        }
    }

    /** A value of the deliveries topic. */
    public synchronized void delivery(String json) {
        try {
            JsonNode entry = JSON.readTree(json);
            if (entry.required("stage").asText().equals("triggered")) {
                Draft draft = draft(entry.required("key").asText());
                draft.sent = earliest(
                        draft.sent, Instant.parse(entry.required("at").asText()).toEpochMilli());
            }
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            unreadable++;
        }
    }

    /** A value of the verdicts topic. */
    public synchronized void said(String json) {
        try {
            Statement statement = StatementJson.read(json);
            if (statement instanceof Verdict verdict) {
                verdicts.addLast(verdict);
                dropped += verdicts.size() > MAX_SAID && verdicts.pollFirst() != null ? 1 : 0;
            } else if (statement instanceof MissedIncident incident) {
                missed.addLast(incident);
                dropped += missed.size() > MAX_SAID && missed.pollFirst() != null ? 1 : 0;
            } else if (statement instanceof Observation observation) {
                observe(observation);
            }
        } catch (IOException e) {
            unreadable++;
        }
    }

    private void observe(Observation observation) {
        Draft draft = draft(observation.episode());
        if (!observation.incident().isEmpty()) {
            draft.incident = Optional.of(observation.incident());
        }
        if (observation.what() == What.ACKNOWLEDGED) {
            draft.ack = earliest(draft.ack, observation.atMillis());
        } else if (observation.what() == What.RESOLVED) {
            draft.end = earliest(draft.end, observation.atMillis());
        }
    }

    /** All that is known, to ask. */
    public synchronized Ledger ledger(Cost cost) {
        List<Page> pages = new ArrayList<>();
        drafts.forEach((episode, draft) -> {
            Alert alert = draft.alert;
            if (alert != null) {
                pages.add(new Page(
                        episode,
                        alert.identity(),
                        alert.name(),
                        alert.revision(),
                        alert.owner(),
                        alert.tier() == Tier.PAGE && !alert.shadow(),
                        alert.startsAtMillis(),
                        draft.sent.orElse(alert.atMillis()),
                        draft.ack,
                        draft.end,
                        1,
                        OptionalLong.empty(),
                        draft.incident));
            }
        });
        return new Ledger(pages, verdicts, missed, cost);
    }

    /** What was said, oldest first. */
    public synchronized List<Verdict> verdicts() {
        return List.copyOf(verdicts);
    }

    /** Episodes and statements there was no room for. */
    public synchronized long dropped() {
        return dropped;
    }

    /** Records that are none. */
    public synchronized long unreadable() {
        return unreadable;
    }

    private Draft draft(String episode) {
        Draft draft = drafts.computeIfAbsent(episode, unused -> new Draft());
        if (drafts.size() > MAX_EPISODES) {
            drafts.remove(drafts.keySet().iterator().next());
            dropped++;
        }
        return draft;
    }

    private static OptionalLong earliest(OptionalLong one, long other) {
        return OptionalLong.of(Math.min(one.orElse(other), other));
    }
}
