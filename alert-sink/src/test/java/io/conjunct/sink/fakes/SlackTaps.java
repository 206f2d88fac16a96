// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * People who tap on buttons of a bot's messages, and Slack that tells the app: {@code block_actions}, signed, as a form,
 * with 3 s for the answer. Only a button that the message has can be tapped on.
 */
public final class SlackTaps {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI hook;
    private final String signingSecret;
    private final InstantSource clock;

    public SlackTaps(URI hook, String signingSecret, InstantSource clock) {
        this.hook = hook;
        this.signingSecret = signingSecret;
        this.clock = clock;
    }

    /** The status the app answers with; 0 when it does not answer in time. */
    public int tap(FakeSlack.Message message, String actionId, String user) throws InterruptedException {
        return send(payload(message, action(message, actionId, ""), user));
    }

    /** Chooses an option of a menu, by its value. */
    public int choose(FakeSlack.Message message, String actionId, String value, String user)
            throws InterruptedException {
        return send(payload(message, action(message, actionId, value), user));
    }

    private int send(String payload) throws InterruptedException {
        String form = "payload=" + URLEncoder.encode(payload, StandardCharsets.UTF_8);
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        return Signed.post(
                hook,
                DEADLINE,
                Map.of(
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "X-Slack-Request-Timestamp",
                        timestamp,
                        "X-Slack-Signature",
                        "v0=" + Signed.hmac(signingSecret, "v0:" + timestamp + ":" + form)),
                form);
    }

    private String payload(FakeSlack.Message message, ObjectNode action, String user) {
        ObjectNode payload = JSON.createObjectNode();
        payload.put("type", "block_actions");
        payload.putObject("user").put("id", "U" + user.hashCode()).put("username", user);
        payload.putObject("team").put("id", "T0FAKE");
        payload.put("api_app_id", "A0FAKE");
        payload.put("trigger_id", "1.2.fake");
        payload.putObject("container")
                .put("type", "message")
                .put("message_ts", message.ts())
                .put("channel_id", FakeSlack.CHANNEL);
        payload.putObject("channel").put("id", FakeSlack.CHANNEL).put("name", "oncall");
        payload.putObject("message").put("ts", message.ts()).put("text", message.text());
        payload.put("response_url", "https://hooks.slack.com/actions/T0FAKE/1/fake");
        payload.putObject("state").putObject("values");
        payload.putArray("actions").add(action);
        return payload.toString();
    }

    /** What Slack tells of an element that is there. */
    private ObjectNode action(FakeSlack.Message message, String actionId, String value) {
        try {
            for (JsonNode block : JSON.readTree(message.blocks())) {
                for (JsonNode element : block.path("elements")) {
                    if (element.path("action_id").asText().equals(actionId)) {
                        return action(element, value)
                                .put("block_id", block.path("block_id").asText("b1"))
                                .put("action_ts", clock.instant().getEpochSecond() + ".000001");
                    }
                }
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the fake took what is no JSON", e);
        }
        throw new IllegalArgumentException("no button " + actionId + " on " + message.text());
    }

    private static ObjectNode action(JsonNode element, String value) {
        ObjectNode action = element.deepCopy();
        if (value.isEmpty()) {
            return action;
        }
        for (JsonNode option : action.withArray("options")) {
            if (option.path("value").asText().equals(value)) {
                action.remove("options");
                action.set("selected_option", option);
                return action;
            }
        }
        throw new IllegalArgumentException("no option " + value);
    }
}
