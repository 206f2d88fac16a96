// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.alertmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.message.Truncation;
import io.conjunct.sink.receiver.Receipts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An alert as {@code POST /api/v2/alerts} takes it, which is also its receipt: without {@code endsAt} it still fires.
 * Alertmanager before 0.27 takes letters, digits and underscores in names only, so {@code service.name} becomes
 * {@code service_name}; names that become the same get underscores behind. The episode is an annotation, for labels are
 * the alert's identity there. A receipt has at most {@value Receipts#MAX_LENGTH} characters, so texts are cut: label
 * values to {@value #MAX_LABEL}, {@code description} to {@value #MAX_DESCRIPTION}, other annotations to
 * {@value #MAX_ANNOTATION} characters, of which there are at most {@value #MAX_ANNOTATIONS}; if it is still too long the
 * annotations go, and labels after the first {@value #MAX_LABELS}.
 */
final class PostableAlert {
    private static final int MAX_LABEL = 200;
    private static final int MAX_LABELS = 12;
    private static final int MAX_ANNOTATION = 200;
    private static final int MAX_ANNOTATIONS = 6;
    private static final int MAX_DESCRIPTION = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private PostableAlert() {}

    /** One alert, as a receipt. */
    static String of(Alert alert) {
        ObjectNode full = JSON.createObjectNode();
        write(full.putObject("labels"), labels(alert), MAX_LABEL, Integer.MAX_VALUE);
        ObjectNode annotations = full.putObject("annotations");
        write(annotations, annotations(alert), MAX_ANNOTATION, MAX_ANNOTATIONS);
        annotations.put("description", Truncation.fit(Message.of(alert).text(), MAX_DESCRIPTION));
        annotations.put("episode", alert.episode());
        times(full, alert);
        if (full.toString().length() <= Receipts.MAX_LENGTH) {
            return full.toString();
        }
        ObjectNode brief = JSON.createObjectNode();
        write(brief.putObject("labels"), labels(alert), MAX_ANNOTATION / 2, MAX_LABELS);
        brief.putObject("annotations").put("episode", alert.episode());
        times(brief, alert);
        return brief.toString();
    }

    /**
     * The body of a request.
     *
     * @param now what ended later, by the clock of the events, has ended now: Alertmanager goes by its own clock
     */
    static String body(List<String> receipts, Instant now, Instant firingUntil) throws JsonProcessingException {
        ArrayNode alerts = JSON.createArrayNode();
        for (String receipt : receipts) {
            ObjectNode alert = (ObjectNode) JSON.readTree(receipt);
            Instant end = alert.has("endsAt") ? earlier(alert.path("endsAt").asText(), now) : firingUntil;
            alert.put("endsAt", end.toString());
            alert.put("startsAt", earlier(alert.path("startsAt").asText(), end).toString());
            alerts.add(alert);
        }
        return alerts.toString();
    }

    private static Instant earlier(String one, Instant other) {
        Instant time = Instant.parse(one);
        return time.isBefore(other) ? time : other;
    }

    private static void times(ObjectNode node, Alert alert) {
        node.put("startsAt", Instant.ofEpochMilli(alert.startsAtMillis()).toString());
        if (alert.state() == State.RESOLVED) {
            node.put(
                    "endsAt",
                    Instant.ofEpochMilli(alert.endsAtMillis().orElse(alert.atMillis()))
                            .toString());
        }
    }

    private static SortedMap<String, String> annotations(Alert alert) {
        SortedMap<String, String> annotations = new TreeMap<>(alert.annotations());
        annotations.remove("description");
        return annotations;
    }

    private static Map<String, String> labels(Alert alert) {
        SortedMap<String, String> labels = new TreeMap<>(alert.labels());
        labels.put("alertname", alert.name());
        labels.put("tier", alert.tier().word());
        if (!alert.owner().isEmpty()) {
            labels.put("owner", alert.owner());
        }
        return labels;
    }

    private static void write(ObjectNode node, Map<String, String> texts, int maxLength, int max) {
        texts.forEach((name, text) -> {
            if (node.size() < max && !text.isEmpty()) {
                StringBuilder plain =
                        new StringBuilder(Truncation.fit(name, MAX_LABEL).replaceAll("[^A-Za-z0-9_]", "_"));
                if (Character.isDigit(plain.charAt(0))) {
                    plain.insert(0, '_');
                }
                while (node.has(plain.toString())) {
                    plain.append('_');
                }
                node.put(plain.toString(), Truncation.fit(text, maxLength));
            }
        });
    }
}
