// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Tier;
import io.conjunct.record.Observation.What;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** A page as its parts come in, in any order, as JSON: the store's form of a {@link Page}. */
final class Drafts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Drafts() {}

    static ObjectNode empty() {
        return JSON.createObjectNode();
    }

    static ObjectNode read(byte[] stored) {
        try {
            return (ObjectNode) JSON.readTree(stored);
        } catch (IOException e) {
            throw new UncheckedIOException("damaged page", e);
        }
    }

    static byte[] write(ObjectNode draft) {
        return draft.toString().getBytes(StandardCharsets.UTF_8);
    }

    static void fired(ObjectNode draft, Alert alert) {
        draft.put("alert", alert.identity());
        draft.put("rule", alert.name());
        // Of the rule alone: another rule of the set may change without splitting this one's record.
        draft.put("revision", alert.ruleRevision().isEmpty() ? alert.revision() : alert.ruleRevision());
        draft.put("owner", alert.owner());
        draft.put(
                "told",
                alert.tier() == Tier.PAGE && !alert.shadow() && alert.muted().isEmpty());
        if (alert.tier() == Tier.TICKET && !alert.shadow()) {
            draft.put("ticketed", true);
        }
        if (alert.demotable()) {
            draft.put("demotable", true);
        }
        draft.put("start", alert.startsAtMillis());
        draft.put("fired", alert.atMillis());
    }

    static void over(ObjectNode draft, Alert alert) {
        earliest(draft, "over", alert.atMillis());
        earliest(draft, "end", alert.atMillis());
    }

    static void earliest(ObjectNode draft, String what, long millis) {
        draft.put(what, Math.min(draft.path(what).asLong(Long.MAX_VALUE), millis));
    }

    static void seen(ObjectNode draft, Observation observation) {
        if (!observation.incident().isEmpty()) {
            draft.put("incident", observation.incident());
        }
        if (observation.what() == What.ACKNOWLEDGED) {
            earliest(draft, "ack", observation.atMillis());
            TreeSet<String> people = new TreeSet<>();
            draft.path("people").forEach(name -> people.add(name.asText()));
            people.add(observation.by());
            var names = draft.putArray("people");
            people.forEach(names::add);
        } else if (observation.what() == What.RESOLVED) {
            earliest(draft, "end", observation.atMillis());
        }
    }

    /** Empty until its alert has come. */
    static Optional<Page> page(String episode, ObjectNode draft) {
        if (!draft.has("alert")) {
            return Optional.empty();
        }
        return Optional.of(new Page(
                episode,
                draft.path("alert").asText(),
                draft.path("rule").asText(),
                draft.path("revision").asText(),
                draft.path("owner").asText(),
                draft.path("told").asBoolean(),
                draft.path("start").asLong(),
                millis(draft.path("sent")).orElse(draft.path("fired").asLong()),
                millis(draft.path("ack")),
                millis(draft.path("end")),
                Math.max(1, draft.path("people").size()),
                draft.has("incident") ? Optional.of(draft.path("incident").asText()) : Optional.empty(),
                draft.path("demotable").asBoolean(),
                draft.path("ticketed").asBoolean(),
                draft.has("over")
                        && draft.path("over").asLong() == draft.path("end").asLong()));
    }

    private static OptionalLong millis(JsonNode node) {
        return node.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(node.asLong());
    }
}
