// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code POST /api/v2/alerts} of an Alertmanager as far as a sender can tell: the names it takes before 0.27, alerts that
 * are the same when their labels are, and that end when their {@code endsAt} has passed.
 */
public final class FakeAlertmanager implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeProvider provider;
    private final InstantSource clock;
    private final Map<String, Instant> ends = new HashMap<>();

    private FakeAlertmanager(InstantSource clock) {
        this.clock = clock;
        provider = new FakeProvider(0, Optional.empty(), clock, this::answer);
    }

    /** On any free port, by this clock. */
    public static FakeAlertmanager start(InstantSource clock) {
        return new FakeAlertmanager(clock);
    }

    public String url() {
        return provider.url();
    }

    /** The next {@code times} requests meet this. */
    public FakeAlertmanager script(Fault fault, int times) {
        provider.script(fault, times);
        return this;
    }

    /** The labels of what fires now, as JSON. */
    public Set<String> firing() {
        synchronized (provider) {
            Set<String> firing = new TreeSet<>();
            ends.forEach((labels, end) -> {
                if (end.isAfter(clock.instant())) {
                    firing.add(labels);
                }
            });
            return firing;
        }
    }

    public List<Exchange> journal() {
        return provider.journal();
    }

    private Fault.Answer answer(String method, String path, Map<String, String> headers, String body) {
        if (!path.equals("/api/v2/alerts") || !method.equals("POST")) {
            return Fault.answer(404, "404 page not found");
        }
        if (!headers.getOrDefault("content-type", "").startsWith("application/json")) {
            return Fault.answer(415, "unsupported media type");
        }
        try {
            JsonNode alerts = JSON.readTree(body);
            if (!alerts.isArray() || alerts.isEmpty()) {
                return Fault.answer(400, "\"bad request\"");
            }
            for (JsonNode alert : alerts) {
                if (!isGood(alert.path("labels")) || alert.path("labels").isEmpty()) {
                    return Fault.answer(400, "\"label set or annotations: invalid\"");
                }
                Instant start = Instant.parse(alert.path("startsAt").asText());
                Instant end = Instant.parse(alert.path("endsAt").asText());
                if (start.isAfter(end)) {
                    return Fault.answer(400, "\"start time must be before end time\"");
                }
                ends.put(alert.path("labels").toString(), end);
            }
            return Fault.answer(200, "");
        } catch (JsonProcessingException | DateTimeException e) {
            return Fault.answer(400, "\"bad request\"");
        }
    }

    private static boolean isGood(JsonNode labels) {
        return labels.properties().stream()
                .allMatch(label -> label.getKey().matches("[a-zA-Z_][a-zA-Z0-9_]*")
                        && !label.getValue().asText().isEmpty());
    }

    @Override
    public void close() {
        provider.close();
    }
}
