// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert.State;
import io.conjunct.event.Exemplar;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An alert as one line of JSON: the value of {@code conjunct.alerts}, and what the console receiver prints. Members keep
 * their order, so equal alerts are equal bytes; {@code muted} is there only where something mutes it,
 * {@code demotable} only where it is true. A number that is not known is {@code null}.
 */
public final class AlertJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AlertJson() {}

    /** One line, without the line break. */
    public static String write(Alert alert) {
        ObjectNode node = JSON.createObjectNode();
        node.put("alert", alert.name());
        node.put("state", alert.state().word());
        node.put("tier", alert.tier().word());
        writeText(node.putObject("labels"), alert.labels());
        node.put("at", Instant.ofEpochMilli(alert.atMillis()).toString());
        node.put("starts_at", Instant.ofEpochMilli(alert.startsAtMillis()).toString());
        if (alert.endsAtMillis().isPresent()) {
            node.put(
                    "ends_at",
                    Instant.ofEpochMilli(alert.endsAtMillis().getAsLong()).toString());
        } else {
            node.putNull("ends_at");
        }
        ArrayNode legs = node.putArray("legs");
        for (Leg leg : alert.legs()) {
            ObjectNode legNode = legs.addObject();
            legNode.put("text", leg.text());
            legNode.put("state", leg.state().word());
            putNumber(legNode, "value", leg.value());
            putNumber(legNode, "threshold", leg.threshold());
            legNode.put("unit", leg.unit());
            legNode.put("n", leg.n());
            legNode.put("window", Duration.ofMillis(leg.windowMillis()).toString());
            writeText(legNode.putObject("labels"), leg.labels());
        }
        node.put("key", alert.episode());
        node.put("group", alert.group());
        node.put("owner", alert.owner());
        writeText(node.putObject("annotations"), alert.annotations());
        node.put("reason", alert.reason());
        node.put("shadow", alert.shadow());
        node.put("revision", alert.revision());
        node.put("rule_revision", alert.ruleRevision());
        ArrayNode exemplars = node.putArray("exemplars");
        for (Exemplar exemplar : alert.exemplars()) {
            ObjectNode exemplarNode = exemplars.addObject();
            exemplarNode.put("trace_id", exemplar.traceId());
            exemplarNode.put("at", Instant.ofEpochMilli(exemplar.timeMillis()).toString());
            exemplarNode.put("duration_nanos", exemplar.durationNanos());
            exemplarNode.put("failed", exemplar.failed());
        }
        alert.muted().ifPresent(muted -> {
            ObjectNode mutedNode = node.putObject("muted");
            mutedNode.put("by", muted.by());
            mutedNode.put("owner", muted.owner());
            mutedNode.put("reason", muted.reason());
            mutedNode.put("until", Instant.ofEpochMilli(muted.untilMillis()).toString());
        });
        if (alert.demotable()) {
            node.put("demotable", true);
        }
        return node.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException when the text is not an alert
     */
    public static Alert read(String json) throws IOException {
        try {
            JsonNode node = JSON.readTree(json);
            List<Leg> legs = new ArrayList<>();
            for (JsonNode leg : node.required("legs")) {
                legs.add(new Leg(
                        leg.required("text").asText(),
                        Truth.valueOf(leg.required("state").asText().toUpperCase(Locale.ROOT)),
                        number(leg.required("value")),
                        number(leg.required("threshold")),
                        leg.required("unit").asText(),
                        leg.required("n").asLong(),
                        Duration.parse(leg.required("window").asText()).toMillis(),
                        text(leg.required("labels"))));
            }
            List<Exemplar> exemplars = new ArrayList<>();
            for (JsonNode exemplar : node.required("exemplars")) {
                exemplars.add(new Exemplar(
                        exemplar.required("trace_id").asText(),
                        millis(exemplar.required("at")),
                        exemplar.required("duration_nanos").asLong(),
                        exemplar.required("failed").asBoolean()));
            }
            JsonNode ends = node.required("ends_at");
            return new Alert(
                    node.required("alert").asText(),
                    node.required("group").asText(),
                    State.valueOf(node.required("state").asText().toUpperCase(Locale.ROOT)),
                    Tier.of(node.required("tier").asText()),
                    text(node.required("labels")),
                    millis(node.required("at")),
                    millis(node.required("starts_at")),
                    ends.isNull() ? OptionalLong.empty() : OptionalLong.of(millis(ends)),
                    legs,
                    node.required("key").asText(),
                    node.required("owner").asText(),
                    text(node.required("annotations")),
                    node.required("reason").asText(),
                    node.required("shadow").asBoolean(),
                    node.required("revision").asText(),
                    // Alerts of earlier releases lack it.
                    node.path("rule_revision").asText(),
                    exemplars,
                    muted(node),
                    node.path("demotable").asBoolean());
        } catch (RuntimeException e) {
            throw new IOException("not an alert: " + e.getMessage(), e);
        }
    }

    private static Optional<Muted> muted(JsonNode node) {
        if (!node.has("muted")) {
            return Optional.empty();
        }
        JsonNode muted = node.get("muted");
        return Optional.of(new Muted(
                muted.required("by").asText(),
                muted.required("owner").asText(),
                muted.required("reason").asText(),
                millis(muted.required("until"))));
    }

    private static void writeText(ObjectNode node, Map<String, String> text) {
        text.forEach(node::put);
    }

    private static void putNumber(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private static double number(JsonNode node) {
        return node.isNull() ? Double.NaN : node.asDouble();
    }

    private static long millis(JsonNode node) {
        return Instant.parse(node.asText()).toEpochMilli();
    }

    private static SortedMap<String, String> text(JsonNode node) {
        SortedMap<String, String> text = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            text.put(member.getKey(), member.getValue().asText());
        }
        return text;
    }
}
