// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.sink.ManualClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fake is as strict as the limits of Block Kit. */
final class FakeSlackTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String DIVIDER = "{\"type\":\"divider\"}";

    private final ManualClock clock = new ManualClock();
    private final FakeSlack slack = FakeSlack.start(clock);

    @AfterEach
    void close() {
        slack.close();
    }

    private String post(String url, String body) throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        clock.advance(Duration.ofMillis(900));
        return answer.statusCode() + " " + answer.body();
    }

    private String blocks(String blocks) throws Exception {
        clock.advance(Duration.ofSeconds(1));
        return post(slack.url(), "{\"blocks\":[" + blocks + "]}");
    }

    private static String text(String type, String kind, int length) {
        return "{\"type\":\"" + type + "\",\"text\":{\"type\":\"" + kind + "\",\"text\":\"" + "x".repeat(length)
                + "\"}}";
    }

    @Test
    void blocks_haveLimits() throws Exception {
        assertThat(blocks(String.join(",", Collections.nCopies(50, DIVIDER)))).isEqualTo("200 ok");
        assertThat(blocks(String.join(",", Collections.nCopies(51, DIVIDER)))).isEqualTo("400 invalid_blocks");
        assertThat(blocks(text("section", "mrkdwn", 3_000))).isEqualTo("200 ok");
        assertThat(blocks(text("section", "mrkdwn", 3_001))).isEqualTo("400 invalid_blocks");
        assertThat(blocks(text("header", "plain_text", 150))).isEqualTo("200 ok");
        assertThat(blocks(text("header", "plain_text", 151))).isEqualTo("400 invalid_blocks");
        assertThat(blocks(text("header", "mrkdwn", 10))).isEqualTo("400 invalid_blocks");
        assertThat(blocks(text("section", "mrkdwn", 0))).isEqualTo("400 invalid_blocks");
        assertThat(blocks("{\"type\":\"banner\"}")).isEqualTo("400 invalid_blocks");
        assertThat(blocks("")).isEqualTo("400 no_text");
        assertThat(post(slack.url(), "{")).isEqualTo("400 invalid_payload");
        assertThat(post(slack.url() + "x", "{}")).isEqualTo("404 no_service");
    }

    @Test
    void channel_takesOneMessageASecond() throws Exception {
        assertThat(post(slack.url(), "{\"text\":\"a\"}")).isEqualTo("200 ok");
        assertThat(post(slack.url(), "{\"text\":\"b\"}"))
                .isEqualTo("429 {\"retry_after\":1,\"ok\":false,\"error\":\"rate_limited\"}");
        assertThat(post(slack.url(), "{\"text\":\"c\"}")).isEqualTo("200 ok");
        assertThat(slack.messages()).extracting(FakeSlack.Posted::text).containsExactly("a", "c");
    }
}
