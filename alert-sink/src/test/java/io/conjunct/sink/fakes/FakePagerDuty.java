// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * PagerDuty's Events API v2 as far as a sender can tell: the fields of its documentation, 120 calls in any 60 s per
 * routing key, and incidents that open, are repeated, acknowledged, resolved and opened anew. What it takes, it does at
 * once; the real one needs up to some seconds after its 202. Resolving what is not open is taken and does nothing, and so
 * is a key of another integration.
 */
public final class FakePagerDuty implements AutoCloseable {
    private static final int CALLS = 120;
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int MAX_BYTES = 512_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where an incident stands. */
    public enum Status {
        TRIGGERED,
        ACKNOWLEDGED,
        RESOLVED
    }

    /**
     * An incident, from the trigger that opened it.
     *
     * @param triggers how many were taken while it was open, with the first
     */
    public record Incident(
            String routingKey,
            String dedupKey,
            Status status,
            String summary,
            String severity,
            String timestamp,
            int triggers) {
        private Incident with(Status newStatus, int newTriggers) {
            return new Incident(routingKey, dedupKey, newStatus, summary, severity, timestamp, newTriggers);
        }
    }

    /** A change event. */
    public record Change(String routingKey, String summary) {}

    private final FakeProvider provider;
    private final InstantSource clock;
    private final Map<String, Deque<Instant>> calls = new HashMap<>();
    private final List<Incident> incidents = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();

    private FakePagerDuty(int port, Optional<Path> journal, InstantSource clock) {
        this.clock = clock;
        provider = new FakeProvider(port, journal, clock, this::answer);
    }

    /** On any free port, by the system's clock, journal in memory only. */
    public static FakePagerDuty start() {
        return new FakePagerDuty(0, Optional.empty(), InstantSource.system());
    }

    /** On this port (0 for any), journal in this file, one JSON line per request. */
    public static FakePagerDuty start(int port, Path journal, InstantSource clock) {
        return new FakePagerDuty(port, Optional.of(journal), clock);
    }

    /** On any free port, by this clock. */
    public static FakePagerDuty start(InstantSource clock) {
        return new FakePagerDuty(0, Optional.empty(), clock);
    }

    /** Scheme, host and port: the receiver's {@code url}. */
    public String url() {
        return provider.url();
    }

    /** The next {@code times} requests meet this. */
    public FakePagerDuty script(Fault fault, int times) {
        provider.script(fault, times);
        return this;
    }

    /** Ends all faults, also those under way. */
    public void release() {
        provider.release();
    }

    /** All incidents in the order in which they opened. */
    public List<Incident> incidents() {
        synchronized (provider) {
            return List.copyOf(incidents);
        }
    }

    public List<Change> changes() {
        synchronized (provider) {
            return List.copyOf(changes);
        }
    }

    public List<Exchange> journal() {
        return provider.journal();
    }

    @Override
    public void close() {
        provider.close();
    }

    private Fault.Answer answer(String method, String path, Map<String, String> headers, String body) {
        boolean change = path.equals("/v2/change/enqueue");
        if (!change && !path.equals("/v2/enqueue")) {
            return json(404, "{\"status\":\"not found\"}");
        }
        if (!method.equals("POST")) {
            return json(405, "{\"status\":\"method not allowed\"}");
        }
        if (!headers.getOrDefault("content-type", "").startsWith("application/json")) {
            return json(415, "{\"status\":\"unsupported media type\"}");
        }
        if (body.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return json(413, "{\"status\":\"payload too large\"}");
        }
        JsonNode event;
        try {
            event = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return invalid("Unrecognized object", List.of("JSON parse error"));
        }
        if (!event.isObject()) {
            return invalid("Unrecognized object", List.of("JSON parse error"));
        }
        if (isTooFast(event.path("routing_key").asText())) {
            return json(
                    429,
                    "{\"status\":\"throttle exceeded\",\"message\":\"Requests for this service are arriving too"
                            + " quickly. Please retry later.\"}");
        }
        List<String> errors = change ? PagerDutyRules.ofChange(event) : PagerDutyRules.of(event);
        if (!errors.isEmpty()) {
            return invalid("invalid event", errors);
        }
        return change ? takeChange(event) : take(event);
    }

    /** Another client of this key makes a call. */
    public void exhaust(String routingKey) {
        synchronized (provider) {
            isTooFast(routingKey);
        }
    }

    private boolean isTooFast(String routingKey) {
        Instant now = clock.instant();
        Deque<Instant> recent = calls.computeIfAbsent(routingKey, unused -> new ArrayDeque<>());
        while (!recent.isEmpty() && !recent.getFirst().plus(WINDOW).isAfter(now)) {
            recent.removeFirst();
        }
        if (recent.size() >= CALLS) {
            return true;
        }
        recent.addLast(now);
        return false;
    }

    private Fault.Answer takeChange(JsonNode event) {
        changes.add(new Change(
                event.path("routing_key").asText(),
                event.path("payload").path("summary").asText()));
        return json(202, "{\"status\":\"success\",\"message\":\"Change event processed\"}");
    }

    private Fault.Answer take(JsonNode event) {
        String routingKey = event.path("routing_key").asText();
        String dedupKey = event.path("dedup_key").asText(UUID.randomUUID().toString());
        int open = open(routingKey, dedupKey);
        switch (event.path("event_action").asText()) {
            case "trigger" -> {
                JsonNode payload = event.path("payload");
                if (open >= 0) {
                    Incident incident = incidents.get(open);
                    incidents.set(open, incident.with(incident.status(), incident.triggers() + 1));
                } else {
                    incidents.add(new Incident(
                            routingKey,
                            dedupKey,
                            Status.TRIGGERED,
                            payload.path("summary").asText(),
                            payload.path("severity").asText(),
                            payload.path("timestamp").asText(),
                            1));
                }
            }
            case "acknowledge" -> move(open, Status.ACKNOWLEDGED);
            case "resolve" -> move(open, Status.RESOLVED);
            default -> throw new IllegalStateException("checked before");
        }
        return json(
                202,
                JSON.createObjectNode()
                        .put("status", "success")
                        .put("message", "Event processed")
                        .put("dedup_key", dedupKey)
                        .toString());
    }

    private void move(int open, Status status) {
        if (open >= 0) {
            Incident incident = incidents.get(open);
            incidents.set(open, incident.with(status, incident.triggers()));
        }
    }

    private int open(String routingKey, String dedupKey) {
        for (int i = incidents.size() - 1; i >= 0; i--) {
            Incident incident = incidents.get(i);
            if (incident.routingKey().equals(routingKey) && incident.dedupKey().equals(dedupKey)) {
                return incident.status() == Status.RESOLVED ? -1 : i;
            }
        }
        return -1;
    }

    private static Fault.Answer invalid(String status, List<String> errors) {
        return json(
                400,
                JSON.createObjectNode()
                        .put("status", status)
                        .put("message", "Event object is invalid")
                        .set("errors", JSON.valueToTree(errors))
                        .toString());
    }

    private static Fault.Answer json(int status, String body) {
        return new Fault.Answer(status, body, Map.of("Content-Type", "application/json"));
    }
}
