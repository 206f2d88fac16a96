// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.record.Verdict;
import io.conjunct.sink.receiver.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * {@code /hooks/slack}: taps on the buttons of our messages. A request must be signed (version v0: HMAC-SHA256 over
 * {@code v0:timestamp:body}), its timestamp within {@value #MAX_SKEW_SECONDS} s of our clock on either side, and new.
 * A button's {@code action_id} is {@value #ACTION} and the verdict's word, its value the alert's key. The menu
 * "Duplicate of…" names the other page in its choice, and its own in the {@code block_id}.
 */
public final class SlackHook implements Hook {
    /** Begins the action_id of our buttons. */
    public static final String ACTION = "conjunct_verdict_";

    private static final int MAX_SKEW_SECONDS = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Secret signingSecret;
    private final VerdictTopic topic;
    private final InstantSource clock;
    private final Seen seen = new Seen();

    public SlackHook(Secret signingSecret, VerdictTopic topic, InstantSource clock) {
        this.signingSecret = signingSecret;
        this.topic = topic;
        this.clock = clock;
    }

    @Override
    public Answer answer(Request request) {
        if (!isSigned(request)) {
            return Answer.error(401, "signature, timestamp or both are wrong");
        }
        String signature = request.header("x-slack-signature");
        if (!seen.add(signature)) {
            return Answer.error(409, "this request was taken before");
        }
        int status = take(request);
        if (status == 503) {
            seen.forget(signature);
        }
        return status == 200 ? new Answer(200, "") : Answer.error(status, "not a tap on one of our buttons");
    }

    boolean isSigned(Request request) {
        String timestamp = request.header("x-slack-request-timestamp");
        String signature = request.header("x-slack-signature");
        if (!timestamp.matches("[0-9]{1,12}") || !signature.startsWith("v0=")) {
            return false;
        }
        long skew = Math.abs(clock.instant().getEpochSecond() - Long.parseLong(timestamp));
        byte[] base = ("v0:" + timestamp + ":").getBytes(StandardCharsets.UTF_8);
        return Signature.matches(signingSecret, signature.substring("v0=".length()), base, request.body())
                && skew <= MAX_SKEW_SECONDS;
    }

    private int take(Request request) {
        for (String pair : request.text().split("&", -1)) {
            if (pair.startsWith("payload=")) {
                try {
                    return tap(JSON.readTree(
                            URLDecoder.decode(pair.substring("payload=".length()), StandardCharsets.UTF_8)));
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    return 400;
                }
            }
        }
        return 400;
    }

    private int tap(JsonNode payload) {
        JsonNode user = payload.path("user");
        String name = user.path("username")
                .asText(user.path("name").asText(user.path("id").asText()));
        for (JsonNode action : payload.path("actions")) {
            String id = action.path("action_id").asText();
            if (id.startsWith(ACTION)) {
                // A menu's choice is the other page; its own stands in the block.
                String other = action.path("selected_option").path("value").asText();
                Verdict verdict = Verdict.said(
                        action.path(other.isEmpty() ? "value" : "block_id").asText(),
                        Verdict.Kind.of(id.substring(ACTION.length())),
                        other,
                        name,
                        clock.millis(),
                        Verdict.Source.SLACK);
                return topic.append(verdict) ? 200 : 503;
            }
        }
        return 400;
    }
}
