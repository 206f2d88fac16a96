// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A statement as one line of JSON: the value of {@code conjunct.verdicts}. A verdict has the member {@code verdict}, an
 * observation {@code observed}, a missed incident {@code missed}, a restoration {@code restored}. Equal statements are equal bytes.
 */
public final class StatementJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StatementJson() {}

    /** One line, without the line break. */
    public static String write(Statement statement) {
        ObjectNode node = JSON.createObjectNode();
        if (statement instanceof Verdict verdict) {
            node.put("key", verdict.episode());
            node.put("verdict", verdict.kind().word());
            node.put("of", verdict.of());
            node.put("major", verdict.major());
            node.put("by", verdict.by());
            node.put("at", Instant.ofEpochMilli(verdict.atMillis()).toString());
            node.put("source", verdict.source().word());
            node.put("weight", verdict.weight());
            node.put("note", verdict.note());
            verdict.worked().ifPresent(time -> node.put("worked", time.toString()));
        } else if (statement instanceof Observation observation) {
            node.put("key", observation.episode());
            node.put("observed", observation.what().word());
            node.put("incident", observation.incident());
            node.put("by", observation.by());
            node.put("at", Instant.ofEpochMilli(observation.atMillis()).toString());
        } else if (statement instanceof MissedIncident missed) {
            node.put("missed", missed.id());
            node.put("rule", missed.rule());
            node.put("at", Instant.ofEpochMilli(missed.atMillis()).toString());
        } else if (statement instanceof Restoration restoration) {
            node.put("restored", restoration.rule());
            node.put("by", restoration.by());
            node.put("at", Instant.ofEpochMilli(restoration.atMillis()).toString());
        }
        return node.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException when the text is no statement
     */
    public static Statement read(String json) throws IOException {
        try {
            JsonNode node = JSON.readTree(json);
            long at = Instant.parse(node.required("at").asText()).toEpochMilli();
            if (node.has("missed")) {
                return new MissedIncident(
                        node.required("missed").asText(), node.required("rule").asText(), at);
            }
            if (node.has("restored")) {
                return new Restoration(
                        node.required("restored").asText(), node.required("by").asText(), at);
            }
            String episode = node.required("key").asText();
            if (node.has("observed")) {
                return new Observation(
                        episode,
                        Observation.What.valueOf(
                                node.required("observed").asText().toUpperCase(Locale.ROOT)),
                        node.required("incident").asText(),
                        node.required("by").asText(),
                        at);
            }
            return new Verdict(
                    episode,
                    Verdict.Kind.of(node.required("verdict").asText()),
                    node.required("of").asText(),
                    node.required("major").asBoolean(),
                    node.required("by").asText(),
                    at,
                    Verdict.Source.valueOf(node.required("source").asText().toUpperCase(Locale.ROOT)),
                    node.required("weight").asDouble(),
                    node.required("note").asText(),
                    node.has("worked")
                            ? Optional.of(Duration.parse(node.path("worked").asText()))
                            : Optional.empty());
        } catch (RuntimeException e) {
            throw new IOException("not a statement: " + e.getMessage(), e);
        }
    }
}
