// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Slack as far as a sender can tell. An incoming webhook: answers in text, the limits of Block Kit, one message a second
 * with Retry-After; any other path is {@code 404 no_service}. And a bot's channel: {@link SlackApi}.
 */
public final class FakeSlack implements AutoCloseable {
    private static final Duration PER_MESSAGE = Duration.ofSeconds(1);
    private static final String PATH = "/services/T0FAKE/B0FAKE/4hiddenPathOfTheFakeHook";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The token of the only bot. */
    public static final String TOKEN = "xoxb-fake-0123456789-c4n4ry";
    /** The channel it is a member of. */
    public static final String CHANNEL = "C0FAKE0001";

    /**
     * A bot's message as it stands.
     *
     * @param thread the message it answers; empty when it begins a thread
     * @param updates how often it was changed
     * @param blocks its blocks, JSON
     */
    public record Message(String ts, String thread, String text, int updates, String blocks) {}

    /** A message that was taken: its text, and the text of all its blocks. */
    public record Posted(String text, List<String> blocks) {
        public Posted {
            blocks = List.copyOf(blocks);
        }
    }

    private final FakeProvider provider;
    private final InstantSource clock;
    private final SlackApi api;
    private final List<Posted> messages = new ArrayList<>();
    private Instant last = Instant.EPOCH;

    private FakeSlack(int port, Optional<Path> journal, InstantSource clock) {
        this.clock = clock;
        api = new SlackApi(clock);
        provider = new FakeProvider(port, journal, clock, this::answer);
    }

    /** On any free port, by the system's clock, journal in memory only. */
    public static FakeSlack start() {
        return new FakeSlack(0, Optional.empty(), InstantSource.system());
    }

    /** On any free port, by this clock. */
    public static FakeSlack start(InstantSource clock) {
        return new FakeSlack(0, Optional.empty(), clock);
    }

    /** On this port (0 for any), journal in this file, one JSON line per request. */
    public static FakeSlack start(int port, Path journal, InstantSource clock) {
        return new FakeSlack(port, Optional.of(journal), clock);
    }

    /** The whole address of the webhook: the receiver's {@code webhook_url}. */
    public String url() {
        return provider.url() + PATH;
    }

    /** Scheme, host and port: a bot's {@code api_url}. */
    public String apiUrl() {
        return provider.url();
    }

    /** What the bot's channel shows, oldest first. */
    public List<Message> channel() {
        synchronized (provider) {
            return api.messages();
        }
    }

    /** Somebody deletes a message of the bot's. */
    public void delete(String ts) {
        synchronized (provider) {
            api.delete(ts);
        }
    }

    /** The next {@code times} requests meet this. */
    public FakeSlack script(Fault fault, int times) {
        provider.script(fault, times);
        return this;
    }

    /** Ends all faults, also those under way. */
    public void release() {
        provider.release();
    }

    /** What the channel shows. */
    public List<Posted> messages() {
        synchronized (provider) {
            return List.copyOf(messages);
        }
    }

    public List<Exchange> journal() {
        return provider.journal();
    }

    @Override
    public void close() {
        provider.close();
    }

    private Fault.Answer answer(String method, String path, Map<String, String> headers, String body) {
        if (path.startsWith("/api/") && method.equals("POST")) {
            return api.answer(path, headers, body);
        }
        if (!path.equals(PATH)) {
            return text(404, "no_service");
        }
        if (!method.equals("POST") || !headers.getOrDefault("content-type", "").startsWith("application/json")) {
            return text(400, "invalid_payload");
        }
        Instant now = clock.instant();
        if (now.isBefore(last.plus(PER_MESSAGE))) {
            return new Fault.Answer(
                    429,
                    "{\"retry_after\":1,\"ok\":false,\"error\":\"rate_limited\"}",
                    Map.of("Retry-After", "1", "Content-Type", "application/json"));
        }
        JsonNode message;
        try {
            message = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return text(400, "invalid_payload");
        }
        if (!message.isObject()) {
            return text(400, "invalid_payload");
        }
        Optional<String> error = BlockKitRules.errorOf(message);
        if (error.isPresent()) {
            return text(400, error.get());
        }
        last = now;
        List<String> blocks = new ArrayList<>();
        message.path("blocks")
                .forEach(block -> blocks.add(block.path("text").path("text").asText()));
        messages.add(new Posted(message.path("text").asText(), blocks));
        return text(200, "ok");
    }

    private static Fault.Answer text(int status, String body) {
        return new Fault.Answer(status, body, Map.of("Content-Type", "text/html"));
    }
}
