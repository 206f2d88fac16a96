// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.sink.ManualClock;
import io.conjunct.sink.fakes.FakePagerDuty.Incident;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fake is as strict as the provider's documentation; examples from there. */
final class FakePagerDutyTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private FakePagerDuty pagerDuty = FakePagerDuty.start(clock);

    @BeforeEach
    void start() {
        pagerDuty.close();
        pagerDuty = FakePagerDuty.start(0, directory.resolve("journal.jsonl"), clock);
    }

    @AfterEach
    void close() {
        pagerDuty.close();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(pagerDuty.url() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String event(String action, String dedupKey, String more) {
        return "{\"routing_key\":\"" + KEY + "\",\"event_action\":\"" + action + "\",\"dedup_key\":\"" + dedupKey + "\""
                + more + "}";
    }

    private static String payload(String summary, String more) {
        return ",\"payload\":{\"summary\":\"" + summary + "\",\"source\":\"s\",\"severity\":\"critical\"" + more + "}";
    }

    private int send(String action, String dedupKey, String more) throws Exception {
        return post("/v2/enqueue", event(action, dedupKey, more)).statusCode();
    }

    @Test
    void slowOne_answersAtOnce_andDoesItLater_inOrder() throws Exception {
        pagerDuty.slow(Duration.ofSeconds(2));
        send("trigger", "a", payload("down", ""));
        clock.advance(Duration.ofSeconds(1));
        send("resolve", "a", "");
        assertThat(pagerDuty.incidents()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(pagerDuty.incidents()).extracting(Incident::status).containsExactly(Status.TRIGGERED);
        clock.advance(Duration.ofSeconds(1));
        assertThat(pagerDuty.incidents()).extracting(Incident::status).containsExactly(Status.RESOLVED);
    }

    @Test
    void incident_opensRepeatsResolvesAndOpensAnew() throws Exception {
        assertThat(send("resolve", "a", "")).isEqualTo(202);
        assertThat(pagerDuty.incidents()).isEmpty();
        assertThat(send("trigger", "a", payload("x", ""))).isEqualTo(202);
        assertThat(send("trigger", "a", payload("x", ""))).isEqualTo(202);
        assertThat(send("acknowledge", "a", "")).isEqualTo(202);
        assertThat(pagerDuty.incidents())
                .singleElement()
                .matches(incident -> incident.status() == Status.ACKNOWLEDGED && incident.triggers() == 2);
        assertThat(send("resolve", "a", "")).isEqualTo(202);
        assertThat(send("trigger", "a", payload("x", ""))).isEqualTo(202);
        assertThat(pagerDuty.incidents())
                .extracting(FakePagerDuty.Incident::status)
                .containsExactly(Status.RESOLVED, Status.TRIGGERED);
        assertThat(Files.readAllLines(directory.resolve("journal.jsonl")))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line).startsWith("{\"at\":\"").contains("\"status\":202"));
    }

    @Test
    void event_thatBreaksARule_is400WithTheReason() throws Exception {
        assertThat(send("trigger", "a", payload("x".repeat(1_024), ""))).isEqualTo(202);
        assertThat(send("trigger", "a", payload("x".repeat(1_025), ""))).isEqualTo(400);
        assertThat(send("trigger", "a", payload(" ", ""))).isEqualTo(400);
        assertThat(send("trigger", "a", "")).isEqualTo(400);
        assertThat(send("trigger", "x".repeat(256), payload("x", ""))).isEqualTo(400);
        assertThat(send("resolve", "", "")).isEqualTo(400);
        assertThat(send("close", "a", payload("x", ""))).isEqualTo(400);
        assertThat(send("trigger", "a", payload("x", ",\"timestamp\":\"yesterday\"")))
                .isEqualTo(400);
        assertThat(send("trigger", "a", payload("x", ",\"custom_details\":\"text\"")))
                .isEqualTo(400);
        assertThat(send("trigger", "a", payload("\\ud83d", ""))).isEqualTo(400);
        assertThat(send("trigger", "a", payload("x", "") + ",\"images\":[{\"src\":\"http://x/y.png\"}]"))
                .isEqualTo(400);
        assertThat(send("trigger", "a", payload("x", "") + ",\"links\":[{\"text\":\"no address\"}]"))
                .isEqualTo(400);
        assertThat(post("/v2/enqueue", event("resolve", "a", "").replace(KEY, KEY.substring(1)))
                        .body())
                .contains("Length of 'routing_key' is incorrect (should be 32 characters)");
        assertThat(post("/v2/enqueue", "{").body()).contains("Unrecognized object", "JSON parse error");
        assertThat(send("trigger", "a", payload("x", ",\"custom_details\":{\"a\":\"" + "x".repeat(512_000) + "\"}")))
                .isEqualTo(413);
        assertThat(post("/v2/change/enqueue", "{\"routing_key\":\"R" + KEY.substring(1) + "\"" + payload("x", "") + "}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void key_takes120CallsInAnyMinute() throws Exception {
        for (int i = 0; i < 120; i++) {
            assertThat(send("resolve", "a", "")).isEqualTo(202);
        }
        assertThat(send("resolve", "a", "")).isEqualTo(429);
        clock.advance(Duration.ofSeconds(60));
        assertThat(send("resolve", "a", "")).isEqualTo(202);
    }
}
