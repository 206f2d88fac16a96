// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.pagerduty;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.sink.message.Evidence;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.message.Truncation;
import io.conjunct.sink.receiver.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * The body of an event. Limits of PagerDuty's documentation: summary 1,024 characters, dedup_key 255, the whole 512 KB,
 * taken as {@value #MAX_BYTES} bytes; an event that is larger goes without its details. Other texts are kept to
 * {@value #MAX_TEXT} characters, lists to {@value #MAX_ITEMS}.
 */
final class PagerDutyEvent {
    static final int MAX_BYTES = 512_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_SUMMARY = 1_024;
    private static final int MAX_TEXT = 1_024;
    private static final int MAX_ITEMS = 50;

    private PagerDutyEvent() {}

    /** A trigger or a resolve of an incident. */
    static String of(Alert alert, Secret routingKey) {
        ObjectNode event = JSON.createObjectNode();
        event.put("routing_key", routingKey.reveal());
        event.put("dedup_key", alert.episode());
        if (alert.state() == State.RESOLVED) {
            return event.put("event_action", "resolve").toString();
        }
        Message message = Message.of(alert);
        event.put("event_action", "trigger");
        ObjectNode payload = event.putObject("payload");
        payload.put("summary", Truncation.fit(message.headline(), MAX_SUMMARY));
        payload.put("source", source(alert));
        payload.put("severity", alert.tier() == Tier.PAGE ? "critical" : "warning");
        payload.put("timestamp", Instant.ofEpochMilli(alert.startsAtMillis()).toString());
        String component = alert.labels().getOrDefault("service", "");
        if (!component.isEmpty()) {
            payload.put("component", Truncation.fit(component, MAX_TEXT));
        }
        payload.put("group", Truncation.fit(alert.group(), MAX_TEXT));
        payload.put("class", Truncation.fit(alert.name(), MAX_TEXT));
        details(payload.putObject("custom_details"), alert, message);
        event.put("client", "Conjunct");
        links(event, message);
        return withinLimit(event, payload);
    }

    /** A change event: what happened and when it began or ended. */
    static String change(Alert alert, Secret routingKey) {
        Message message = Message.of(alert);
        ObjectNode event = JSON.createObjectNode();
        event.put("routing_key", routingKey.reveal());
        ObjectNode payload = event.putObject("payload");
        String ended = alert.state() == State.RESOLVED ? "Over: " : "";
        payload.put("summary", Truncation.fit(ended + message.headline(), MAX_SUMMARY));
        payload.put("source", source(alert));
        long at = alert.state() == State.RESOLVED
                ? alert.endsAtMillis().orElse(alert.atMillis())
                : alert.startsAtMillis();
        payload.put("timestamp", Instant.ofEpochMilli(at).toString());
        details(payload.putObject("custom_details"), alert, message);
        links(event, message);
        return withinLimit(event, payload);
    }

    private static String source(Alert alert) {
        String service = alert.labels().getOrDefault("service", "");
        return Truncation.fit(service.isEmpty() ? "conjunct " + alert.group() : service, MAX_TEXT);
    }

    private static void details(ObjectNode details, Alert alert, Message message) {
        ArrayNode legs = details.putArray("evidence");
        for (Evidence leg : message.evidence().stream().limit(MAX_ITEMS).toList()) {
            legs.add(Truncation.fit(leg.condition() + ": " + leg.measured(), MAX_TEXT));
        }
        message.facts().forEach(fact -> details.put(fact.name(), Truncation.fit(fact.text(), MAX_TEXT)));
        ObjectNode labels = details.putObject("labels");
        for (Map.Entry<String, String> label :
                alert.labels().entrySet().stream().limit(MAX_ITEMS).toList()) {
            labels.put(Truncation.fit(label.getKey(), MAX_TEXT), Truncation.fit(label.getValue(), MAX_TEXT));
        }
    }

    private static void links(ObjectNode event, Message message) {
        link(event, message.runbook(), "Runbook");
        link(event, message.dashboard(), "Dashboard");
    }

    private static void link(ObjectNode event, String href, String text) {
        // An address that is cut leads nowhere.
        if (href.matches("https?://\\S+") && href.length() <= MAX_TEXT) {
            event.withArray("links").addObject().put("href", href).put("text", text);
        }
    }

    private static String withinLimit(ObjectNode event, ObjectNode payload) {
        String json = event.toString();
        if (json.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
            return json;
        }
        payload.putObject("custom_details").put("truncated", "the details were larger than PagerDuty takes");
        return event.toString();
    }
}
