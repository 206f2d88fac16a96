// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/** A verdict as one line of JSON: the value of {@code conjunct.verdicts}. Equal verdicts are equal bytes. */
public final class VerdictJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private VerdictJson() {}

    /** One line, without the line break. */
    public static String write(Verdict verdict) {
        ObjectNode node = JSON.createObjectNode();
        node.put("key", verdict.episode());
        node.put("verdict", verdict.kind().word());
        node.put("of", verdict.of());
        node.put("major", verdict.major());
        node.put("by", verdict.by());
        node.put("at", Instant.ofEpochMilli(verdict.atMillis()).toString());
        node.put("source", verdict.source().word());
        node.put("weight", verdict.weight());
        node.put("note", verdict.note());
        return node.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException when the text is not a verdict
     */
    public static Verdict read(String json) throws IOException {
        try {
            JsonNode node = JSON.readTree(json);
            return new Verdict(
                    node.required("key").asText(),
                    Verdict.Kind.of(node.required("verdict").asText()),
                    node.required("of").asText(),
                    node.required("major").asBoolean(),
                    node.required("by").asText(),
                    Instant.parse(node.required("at").asText()).toEpochMilli(),
                    Verdict.Source.valueOf(node.required("source").asText().toUpperCase(Locale.ROOT)),
                    node.required("weight").asDouble(),
                    node.required("note").asText());
        } catch (RuntimeException e) {
            throw new IOException("not a verdict: " + e.getMessage(), e);
        }
    }
}
