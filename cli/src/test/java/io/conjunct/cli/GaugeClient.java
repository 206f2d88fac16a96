// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A client that sends the gauges {@code level} and {@code steady} five times a second as OTLP/JSON, with a few attributes. */
final class GaugeClient implements AutoCloseable {
    private static final String REQUEST = """
            {"resourceMetrics": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "s"}}]},
              "scopeMetrics": [{"metrics": [
                {"name": "level", "gauge": {"dataPoints": [{"timeUnixNano": "%1$d", "asDouble": %2$d, "attributes": [
                  {"key": "tier", "value": {"stringValue": "gold"}},
                  {"key": "colour", "value": {"stringValue": "red"}}]}]}},
                {"name": "steady", "gauge": {"dataPoints": [{"timeUnixNano": "%1$d", "asDouble": 9}]}}]}]}]}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final URI endpoint;
    private final AtomicLong sent = new AtomicLong();
    private volatile int level = 9;

    private GaugeClient(int port) {
        endpoint = URI.create("http://127.0.0.1:" + port + "/v1/metrics");
    }

    static GaugeClient start(int port) {
        GaugeClient client = new GaugeClient(port);
        var unused = client.timer.scheduleAtFixedRate(client::send, 0, 200, TimeUnit.MILLISECONDS);
        return client;
    }

    void level(int now) {
        level = now;
    }

    /** How many requests were acknowledged. */
    long sent() {
        return sent.get();
    }

    private void send() {
        String body = REQUEST.formatted(System.currentTimeMillis() * 1_000_000, level);
        try {
            HttpResponse<Void> answer = http.send(
                    HttpRequest.newBuilder(endpoint)
                            .timeout(Duration.ofSeconds(10))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            if (answer.statusCode() == 200) {
                sent.incrementAndGet();
            }
        } catch (IOException e) {
            // The test looks at what arrives.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
