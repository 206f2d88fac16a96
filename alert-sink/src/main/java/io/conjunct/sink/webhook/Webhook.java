// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.http.Reply;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Posts the body of an Alertmanager webhook, version 4, with one alert: whatever takes Alertmanager's takes ours.
 * {@code alertname}, {@code tier} and {@code owner} are labels; the message's text is the annotation
 * {@code description} unless the rule has one, and {@code episode} is the deduplication key. Any 2xx is success.
 */
final class Webhook implements Receiver {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** How Alertmanager writes a time that is not known. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private final WebhookSettings settings;
    private final Outbound http;

    Webhook(WebhookSettings settings, Outbound http) {
        this.settings = settings;
        this.http = http;
    }

    @Override
    public Outcome deliver(Alert alert) throws InterruptedException {
        Map<String, String> headers = settings.bearerToken()
                .map(token -> Map.of("Authorization", "Bearer " + token.reveal()))
                .orElse(Map.of());
        Reply reply = http.post(settings.url(), headers, body(alert).getBytes(StandardCharsets.UTF_8));
        if (reply instanceof Reply.Answered answered && settings.bearerToken().isPresent()) {
            return answered.redactedBy(settings.bearerToken().get()).outcome();
        }
        return reply.outcome();
    }

    static String body(Alert alert) {
        SortedMap<String, String> labels = new TreeMap<>(alert.labels());
        labels.put("alertname", alert.name());
        labels.put("tier", alert.tier().word());
        labels.put("owner", alert.owner());
        SortedMap<String, String> annotations = new TreeMap<>(alert.annotations());
        annotations.putIfAbsent("description", Message.of(alert).text());
        annotations.put("episode", alert.episode());
        String status = alert.state() == State.RESOLVED ? "resolved" : "firing";

        ObjectNode body = JSON.createObjectNode();
        body.put("version", "4");
        body.put("groupKey", "{}:{alertname=\"" + alert.name() + "\"}:" + alert.labels());
        body.put("truncatedAlerts", 0);
        body.put("status", status);
        body.put("receiver", "conjunct");
        body.putObject("groupLabels").put("alertname", alert.name());
        write(body.putObject("commonLabels"), labels);
        write(body.putObject("commonAnnotations"), annotations);
        body.put("externalURL", "");
        ObjectNode one = body.putArray("alerts").addObject();
        one.put("status", status);
        write(one.putObject("labels"), labels);
        write(one.putObject("annotations"), annotations);
        one.put("startsAt", Instant.ofEpochMilli(alert.startsAtMillis()).toString());
        one.put(
                "endsAt",
                alert.endsAtMillis().isPresent()
                        ? Instant.ofEpochMilli(alert.endsAtMillis().getAsLong()).toString()
                        : NEVER);
        one.put("generatorURL", "");
        // Of rule and labels only, as Alertmanager's: 16 hexadecimal digits.
        one.put(
                "fingerprint",
                Alert.episode(alert.name(), alert.labels(), 0).substring("v1:".length(), "v1:".length() + 16));
        return body.toString();
    }

    private static void write(ObjectNode node, Map<String, String> texts) {
        texts.forEach(node::put);
    }
}
