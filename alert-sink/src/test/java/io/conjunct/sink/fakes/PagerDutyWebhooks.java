// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * PagerDuty's webhooks v3 as far as a subscriber can tell: one event per request, signed with every secret of a rotation;
 * 5 s for the answer; what fails by timeout, connection, 429 or 5xx is repeated under the same {@code X-Webhook-Id} for 48 h
 * and holds back what follows of the same incident; any other 4xx drops the event, and three drops in a row disable the
 * subscription for 24 h and empty its queue. Time is the clock's: {@link #turn} sends what is due.
 */
public final class PagerDutyWebhooks {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration GIVE_UP = Duration.ofHours(48);
    private static final Duration DISABLED = Duration.ofHours(24);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final int DROPS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final class Event {
        final String id;
        final String body;
        final Instant born;
        Instant due;
        Duration pause = Duration.ofSeconds(30);

        Event(String id, String body, Instant born) {
            this.id = id;
            this.body = body;
            this.born = born;
            due = born;
        }
    }

    private final URI subscriber;
    private final List<String> secrets;
    private final InstantSource clock;
    private final Map<String, Deque<Event>> byIncident = new LinkedHashMap<>();
    private Instant disabledUntil = Instant.EPOCH;
    private int dropsInARow;
    private int dropped;
    private int number;

    public PagerDutyWebhooks(URI subscriber, List<String> secrets, InstantSource clock) {
        this.subscriber = subscriber;
        this.secrets = List.copyOf(secrets);
        this.clock = clock;
    }

    /**
     * Something happened to an incident.
     *
     * @param type such as {@code incident.acknowledged}
     * @param agent who did it; empty for automation
     * @param data the incident, or what refers to it
     */
    public void happened(String type, String incident, String agent, ObjectNode data) {
        if (isDisabled()) {
            dropped++;
            return;
        }
        ObjectNode envelope = JSON.createObjectNode();
        ObjectNode event = envelope.putObject("event");
        String id = "01FAKE" + ++number;
        event.put("id", id).put("event_type", type).put("resource_type", "incident");
        event.put("occurred_at", clock.instant().toString());
        if (agent.isEmpty()) {
            event.putNull("agent");
        } else {
            event.putObject("agent").put("type", "user_reference").put("summary", agent);
        }
        event.putNull("client");
        event.set("data", data);
        byIncident
                .computeIfAbsent(incident, unused -> new ArrayDeque<>())
                .addLast(new Event(id, envelope.toString(), clock.instant()));
    }

    /** An incident as events carry it. */
    public static ObjectNode incident(String id, String dedupKey, String status) {
        ObjectNode incident = JSON.createObjectNode().put("id", id).put("type", "incident");
        return incident.put("status", status).put("incident_key", dedupKey);
    }

    /** A note on an incident as {@code incident.annotated} carries it. */
    public static ObjectNode note(String incident, String content) {
        ObjectNode note =
                JSON.createObjectNode().put("id", "N" + content.hashCode()).put("type", "incident_note");
        note.putObject("incident").put("id", incident).put("type", "incident_reference");
        return note.put("content", content).put("trimmed", false);
    }

    /** Sends what is due, of each incident in its order. */
    public void turn() throws InterruptedException {
        for (Deque<Event> events : List.copyOf(byIncident.values())) {
            while (!events.isEmpty() && !clock.instant().isBefore(events.getFirst().due)) {
                if (!send(events.getFirst())) {
                    break;
                }
                events.pollFirst();
            }
        }
        byIncident.values().removeIf(Deque::isEmpty);
    }

    /** Whether the event is over. */
    private boolean send(Event event) throws InterruptedException {
        String signatures = secrets.stream()
                .map(secret -> "v1=" + Signed.hmac(secret, event.body))
                .collect(Collectors.joining(","));
        int status = Signed.post(
                subscriber,
                DEADLINE,
                Map.of(
                        "Content-Type",
                        "application/json",
                        "X-PagerDuty-Signature",
                        signatures,
                        "X-Webhook-Id",
                        event.id,
                        "X-Webhook-Subscription",
                        "PFAKE01"),
                event.body);
        if (status >= 200 && status < 300) {
            dropsInARow = 0;
            return true;
        }
        boolean again = status == Signed.NONE || status == 429 || status >= 500;
        if (again && clock.instant().isBefore(event.born.plus(GIVE_UP))) {
            event.due = clock.instant().plus(event.pause);
            Duration doubled = event.pause.multipliedBy(2);
            event.pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
            return false;
        }
        dropped++;
        if (++dropsInARow >= DROPS) {
            disabledUntil = clock.instant().plus(DISABLED);
            byIncident.values().forEach(Deque::clear);
            dropsInARow = 0;
        }
        return true;
    }

    public boolean isDisabled() {
        return clock.instant().isBefore(disabledUntil);
    }

    /** Events that the subscriber will never see. */
    public int dropped() {
        return dropped;
    }

    /** Events that wait. */
    public int waiting() {
        return byIncident.values().stream().mapToInt(Deque::size).sum();
    }
}
