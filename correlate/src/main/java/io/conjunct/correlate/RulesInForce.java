// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.engine.RuleUpdate;
import java.io.IOException;

/**
 * What one deciding task says when it has switched to other rules: the record {@code in-force/TASK} of the rules topic.
 * It is written in the same transaction as the task's decisions.
 *
 * @param revision of the rules
 * @param content of their files, as {@link RuleUpdate#content()}
 * @param fromMillis event time of the first pane they decide
 * @param tickMillis of the engine that decides
 */
public record RulesInForce(String revision, long content, long fromMillis, long tickMillis) {
    static final String KEY = "in-force/";
    private static final ObjectMapper JSON = new ObjectMapper();

    public RulesInForce {
        requireNonNull(revision, "revision");
    }

    static RulesInForce of(RuleUpdate rules, long fromMillis, long tickMillis) {
        return new RulesInForce(rules.revision(), rules.content(), fromMillis, tickMillis);
    }

    static String key(int task) {
        return KEY + task;
    }

    /** Whether these rules are those of an update. */
    public boolean are(RuleUpdate update) {
        return content == update.content() && revision.equals(update.revision());
    }

    String write() {
        ObjectNode node = JSON.createObjectNode();
        node.put("revision", revision);
        node.put("content", Long.toHexString(content));
        node.put("from_ms", fromMillis);
        node.put("tick_ms", tickMillis);
        return node.toString();
    }

    static RulesInForce read(byte[] json) throws IOException {
        try {
            JsonNode node = JSON.readTree(json);
            return new RulesInForce(
                    node.required("revision").asText(),
                    Long.parseUnsignedLong(node.required("content").asText(), 16),
                    node.required("from_ms").asLong(),
                    node.required("tick_ms").asLong());
        } catch (IllegalArgumentException e) {
            throw new IOException("not a record of rules in force: " + e.getMessage(), e);
        }
    }
}
