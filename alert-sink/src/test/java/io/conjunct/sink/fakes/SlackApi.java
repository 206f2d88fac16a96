// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code chat.postMessage} and {@code chat.update} of Slack's Web API as far as a bot can tell: errors are 200 with
 * {@code ok: false}, too many calls are 429 with Retry-After (one message a second per channel; 50 updates in any minute),
 * a message is found by channel and ts only, and a reply needs the message that begins its thread.
 */
final class SlackApi {
    private static final Duration PER_MESSAGE = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int UPDATES = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InstantSource clock;
    private final Map<String, FakeSlack.Message> messages = new LinkedHashMap<>();
    private final Map<String, Instant> lastPost = new HashMap<>();
    private final Deque<Instant> updates = new ArrayDeque<>();
    private long micros;

    SlackApi(InstantSource clock) {
        this.clock = clock;
    }

    List<FakeSlack.Message> messages() {
        return new ArrayList<>(messages.values());
    }

    void delete(String ts) {
        messages.remove(ts);
    }

    Fault.Answer answer(String path, Map<String, String> headers, String body) {
        String authorization = headers.getOrDefault("authorization", "");
        if (!authorization.startsWith("Bearer ")) {
            return error("not_authed");
        }
        if (!authorization.equals("Bearer " + FakeSlack.TOKEN)) {
            return error("invalid_auth");
        }
        if (!headers.getOrDefault("content-type", "").startsWith("application/json")) {
            return error("invalid_post_type");
        }
        JsonNode message;
        try {
            message = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return error("invalid_json");
        }
        if (!message.isObject()) {
            return error("json_not_object");
        }
        if (!message.path("channel").asText().equals(FakeSlack.CHANNEL)) {
            return error("channel_not_found");
        }
        Optional<String> problem = BlockKitRules.errorOf(message);
        if (problem.isPresent()) {
            return error(problem.get());
        }
        return switch (path) {
            case "/api/chat.postMessage" -> post(message);
            case "/api/chat.update" -> update(message);
            default -> error("unknown_method");
        };
    }

    private Fault.Answer post(JsonNode message) {
        String channel = message.path("channel").asText();
        Instant now = clock.instant();
        if (now.isBefore(lastPost.getOrDefault(channel, Instant.EPOCH).plus(PER_MESSAGE))) {
            return tooFast();
        }
        String thread = message.path("thread_ts").asText();
        if (!thread.isEmpty() && !messages.containsKey(thread)) {
            return error("thread_not_found");
        }
        lastPost.put(channel, now);
        String ts = String.format(Locale.ROOT, "%d.%06d", now.getEpochSecond(), ++micros);
        messages.put(
                ts,
                new FakeSlack.Message(
                        ts,
                        thread,
                        message.path("text").asText(),
                        0,
                        message.path("blocks").toString()));
        return ok(channel, ts);
    }

    private Fault.Answer update(JsonNode message) {
        Instant now = clock.instant();
        updates.removeIf(at -> !at.plus(MINUTE).isAfter(now));
        if (updates.size() >= UPDATES) {
            return tooFast();
        }
        updates.addLast(now);
        String ts = message.path("ts").asText();
        FakeSlack.Message standing = messages.get(ts);
        if (standing == null) {
            return error("message_not_found");
        }
        messages.put(
                ts,
                new FakeSlack.Message(
                        ts,
                        standing.thread(),
                        message.path("text").asText(),
                        standing.updates() + 1,
                        message.path("blocks").toString()));
        return ok(message.path("channel").asText(), ts);
    }

    private static Fault.Answer ok(String channel, String ts) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("ok", true).put("channel", channel).put("ts", ts);
        return json(200, answer, Map.of());
    }

    private static Fault.Answer error(String word) {
        return json(200, JSON.createObjectNode().put("ok", false).put("error", word), Map.of());
    }

    private static Fault.Answer tooFast() {
        return json(
                429, JSON.createObjectNode().put("ok", false).put("error", "ratelimited"), Map.of("Retry-After", "1"));
    }

    private static Fault.Answer json(int status, ObjectNode body, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Content-Type", "application/json; charset=utf-8");
        return new Fault.Answer(status, body.toString(), headers);
    }
}
