// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** What PagerDuty's documentation and OpenAPI schema ask of an event; each method returns what is wrong. */
final class PagerDutyRules {
    private final List<String> errors = new ArrayList<>();

    private PagerDutyRules() {}

    static List<String> of(JsonNode event) {
        PagerDutyRules rules = new PagerDutyRules();
        rules.routingKey(event);
        String action = event.path("event_action").asText();
        rules.oneOf(event, "event_action", "trigger", "acknowledge", "resolve");
        rules.optionalText(event, "dedup_key", 255);
        if (!action.equals("trigger") && event.path("dedup_key").asText().isBlank()) {
            rules.errors.add("'dedup_key' is missing or blank");
        }
        if (action.equals("trigger")) {
            JsonNode payload = rules.payload(event);
            rules.oneOf(payload, "severity", "critical", "error", "warning", "info");
            rules.requiredText(payload, "source", 0);
            for (String field : List.of("component", "group", "class")) {
                rules.optionalText(payload, field, 0);
            }
            rules.optionalText(event, "client", 0);
            rules.optionalText(event, "client_url", 0);
            rules.linksAndImages(event);
        }
        rules.noHalfCharacters(event);
        return rules.errors;
    }

    static List<String> ofChange(JsonNode event) {
        PagerDutyRules rules = new PagerDutyRules();
        rules.routingKey(event);
        if (event.path("routing_key").asText().startsWith("R")) {
            rules.errors.add("'routing_key' is of a ruleset (should be of a service)");
        }
        rules.optionalText(rules.payload(event), "source", 0);
        rules.linksAndImages(event);
        rules.noHalfCharacters(event);
        return rules.errors;
    }

    private void routingKey(JsonNode event) {
        requiredText(event, "routing_key", 0);
        if (event.path("routing_key").asText().length() != 32) {
            errors.add("Length of 'routing_key' is incorrect (should be 32 characters)");
        }
    }

    private JsonNode payload(JsonNode event) {
        JsonNode payload = event.path("payload");
        if (!payload.isObject()) {
            errors.add("'payload' is missing or not an object");
        }
        requiredText(payload, "summary", 1_024);
        optionalText(payload, "timestamp", 0);
        if (payload.has("timestamp")) {
            try {
                OffsetDateTime.parse(payload.path("timestamp").asText());
            } catch (DateTimeParseException e) {
                errors.add("'payload.timestamp' is not ISO 8601");
            }
        }
        if (payload.has("custom_details") && !payload.path("custom_details").isObject()) {
            errors.add("'payload.custom_details' is not an object");
        }
        return payload;
    }

    private void linksAndImages(JsonNode event) {
        for (String list : List.of("links", "images")) {
            if (event.has(list) && !event.path(list).isArray()) {
                errors.add("'" + list + "' is not a list");
            }
        }
        for (JsonNode link : event.path("links")) {
            requiredText(link, "href", 0);
            optionalText(link, "text", 0);
        }
        for (JsonNode image : event.path("images")) {
            if (!image.path("src").asText().startsWith("https://")) {
                errors.add("'images.src' must be https");
            }
        }
    }

    private void oneOf(JsonNode node, String field, String... choices) {
        if (!node.path(field).isTextual()
                || !List.of(choices).contains(node.path(field).asText())) {
            errors.add("'" + field + "' is invalid (must be one of the following: " + String.join(", ", choices) + ")");
        }
    }

    private void requiredText(JsonNode node, String field, int max) {
        if (node.path(field).asText().isBlank()) {
            errors.add("'" + field + "' is missing or blank");
        }
        optionalText(node, field, max);
    }

    /** Counts UTF-16 units, the strictest way a provider might. */
    private void optionalText(JsonNode node, String field, int max) {
        JsonNode text = node.path(field);
        if (!text.isMissingNode() && !text.isTextual()) {
            errors.add("'" + field + "' is not a string");
        }
        if (max > 0 && text.asText().length() > max) {
            errors.add("'" + field + "' is too long (maximum is " + max + " characters)");
        }
    }

    private void noHalfCharacters(JsonNode node) {
        if (node.isTextual() && !StandardCharsets.UTF_8.newEncoder().canEncode(node.asText())) {
            errors.add("text is not Unicode");
        }
        node.forEach(this::noHalfCharacters);
    }
}
