// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How often each leg of a rule, had it been a rule of its own, would have paged on one day so far: a record of the topic
 * {@code conjunct.leg-pages}, compacted by {@link #key()}, so the last of a day holds the whole day.
 *
 * @param rule its name
 * @param group the rule group it stands in
 * @param version identity of what the rule decides by; a changed rule counts anew
 * @param dayMillis the beginning of the day, UTC, Unix milliseconds
 * @param legs in the order of the rule's text
 */
public record LegPages(String rule, String group, String version, long dayMillis, List<Count> legs) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One leg.
     *
     * @param text as the rule has it, {@code NOT} included
     */
    public record Count(String text, int pages) {
        public Count {
            requireNonNull(text, "text");
        }
    }

    public LegPages {
        requireNonNull(rule, "rule");
        requireNonNull(group, "group");
        requireNonNull(version, "version");
        legs = List.copyOf(legs);
    }

    /** One record for each rule, version and day. */
    public String key() {
        return group + "/" + rule + "/" + version + "/" + Instant.ofEpochMilli(dayMillis);
    }

    /** One line; equal counts are equal bytes. */
    public String write() {
        ObjectNode node = JSON.createObjectNode();
        node.put("rule", rule);
        node.put("group", group);
        node.put("version", version);
        node.put("day", Instant.ofEpochMilli(dayMillis).toString());
        ArrayNode array = node.putArray("legs");
        legs.forEach(leg -> array.addObject().put("text", leg.text()).put("pages", leg.pages()));
        return node.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException when the text is none
     */
    public static LegPages read(String json) throws IOException {
        try {
            JsonNode node = JSON.readTree(json);
            List<Count> legs = new ArrayList<>();
            for (JsonNode leg : node.required("legs")) {
                legs.add(new Count(
                        leg.required("text").asText(), leg.required("pages").asInt()));
            }
            return new LegPages(
                    node.required("rule").asText(),
                    node.required("group").asText(),
                    node.required("version").asText(),
                    Instant.parse(node.required("day").asText()).toEpochMilli(),
                    legs);
        } catch (RuntimeException e) {
            throw new IOException("no counts of legs: " + e.getMessage(), e);
        }
    }
}
