// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.record.Observation;
import io.conjunct.record.Observation.What;
import io.conjunct.record.Statement;
import io.conjunct.record.Verdict;
import io.conjunct.sink.receiver.Secret;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /hooks/pagerduty}: webhooks v3. Signed with HMAC-SHA256 over the raw body, one of several signatures suffices
 * while secrets are rotated. The scheme has no timestamp, so a replay is recognised by the event's id. Taken are: opened,
 * acknowledged, resolved; notes that begin with {@code #incident}, {@code #noise}, {@code #duplicate} or {@code #test};
 * a custom field named {@code verdict}. A priority of P1 or P2, further responders, a published status update and a merge
 * are evidence with a weight, not verdicts. What is not for us is answered with 202, for other 4xx answers disable the subscription.
 *
 * <p>A note names its incident only by PagerDuty's id: the keys of the last {@value #MAX} incidents are remembered, from
 * events of this life of the process.
 */
public final class PagerDutyHook implements Hook {
    private static final int MAX = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Secret secret;
    private final VerdictTopic topic;
    private final Seen seen = new Seen();
    private final Map<String, String> keys = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX;
        }
    };

    public PagerDutyHook(Secret secret, VerdictTopic topic) {
        this.secret = secret;
        this.topic = topic;
    }

    @Override
    public Answer answer(Request request) {
        if (!isSigned(request)) {
            return Answer.error(401, "no signature fits");
        }
        JsonNode event;
        try {
            event = JSON.readTree(request.text()).path("event");
        } catch (JsonProcessingException e) {
            return Answer.error(400, "not JSON");
        }
        String id = event.path("id").asText();
        if (id.isEmpty() || !seen.add(id)) {
            return Answer.accepted();
        }
        for (Statement statement : statements(event)) {
            if (!topic.append(statement)) {
                seen.forget(id);
                return Answer.error(503, "Kafka does not take it; try again");
            }
        }
        return Answer.accepted();
    }

    private boolean isSigned(Request request) {
        boolean fits = false;
        for (String each : request.header("x-pagerduty-signature").split(",", -1)) {
            String signature = each.strip();
            fits |= signature.startsWith("v1=")
                    && Signature.matches(secret, signature.substring("v1=".length()), request.body());
        }
        return fits;
    }

    private synchronized List<Statement> statements(JsonNode event) {
        JsonNode data = event.path("data");
        boolean ofIncident = !data.has("incident");
        String incident = ofIncident
                ? data.path("id").asText()
                : data.path("incident").path("id").asText();
        String known = keys.getOrDefault(incident, "");
        String key = ofIncident ? data.path("incident_key").asText(known) : known;
        if (key.isEmpty() || key.length() > Verdict.MAX_TEXT) {
            return List.of();
        }
        keys.put(incident, key);
        long at;
        try {
            at = Instant.parse(event.path("occurred_at").asText()).toEpochMilli();
        } catch (DateTimeException e) {
            return List.of();
        }
        String agent = event.path("agent").path("summary").asText();
        String by = agent.isBlank() || agent.length() > Verdict.MAX_TEXT ? "PagerDuty" : agent;
        List<Statement> statements = new ArrayList<>();
        switch (event.path("event_type").asText()) {
            case "incident.triggered" -> statements.add(new Observation(key, What.OPENED, incident, by, at));
            case "incident.acknowledged" -> statements.add(new Observation(key, What.ACKNOWLEDGED, incident, by, at));
            case "incident.resolved" -> {
                statements.add(new Observation(key, What.RESOLVED, incident, by, at));
                JsonNode reason = data.path("resolve_reason");
                if (reason.path("type").asText().startsWith("merge")) {
                    String into =
                            keys.getOrDefault(reason.path("incident").path("id").asText(), "");
                    statements.add(Verdict.implied(
                            key, Verdict.Kind.DUPLICATE, into.equals(key) ? "" : into, by, at, 0.9, "merged"));
                }
            }
            case "incident.status_update_published" ->
                statements.add(Verdict.implied(key, Verdict.Kind.INCIDENT, "", by, at, 0.8, "status update published"));
            case "incident.responder.added", "incident.responder.replied" ->
                statements.add(Verdict.implied(key, Verdict.Kind.INCIDENT, "", by, at, 0.7, "several responders"));
            case "incident.annotated" ->
                note(data.path("content").asText())
                        .ifPresent(
                                kind -> statements.add(Verdict.said(key, kind, "", by, at, Verdict.Source.PAGERDUTY)));
            case "incident.custom_field_values.updated" -> {
                for (JsonNode field : data.path("custom_fields")) {
                    if (field.path("name").asText().equals("verdict")) {
                        note("#" + field.path("value").asText())
                                .ifPresent(kind ->
                                        statements.add(Verdict.said(key, kind, "", by, at, Verdict.Source.PAGERDUTY)));
                    }
                }
            }
            case "incident.priority_updated" -> {
                String priority = data.path("priority").path("summary").asText();
                if (priority.equals("P1") || priority.equals("P2")) {
                    Verdict implied =
                            Verdict.implied(key, Verdict.Kind.INCIDENT, "", by, at, 0.8, "priority " + priority);
                    statements.add(priority.equals("P1") ? implied.asMajor() : implied);
                }
            }
            default -> {
                // Not for us.
            }
        }
        return statements;
    }

    private static Optional<Verdict.Kind> note(String content) {
        String words = content.strip().toLowerCase(Locale.ROOT);
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            if (words.equals("#" + kind.word()) || words.startsWith("#" + kind.word() + " ")) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
