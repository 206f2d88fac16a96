// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The admin port of a running node, asked over HTTP. */
final class AdminClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The admin port of the node that delivers (default: ${DEFAULT-VALUE}).")
    String server = "http://127.0.0.1:8080";

    /** What came back. */
    record Reply(int status, String body) {}

    Reply get(String path) {
        return send(request(path).GET().build());
    }

    Reply post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        try {
            return HttpRequest.newBuilder(URI.create(server.replaceFirst("/+$", "") + path))
                    .timeout(TIMEOUT);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationProblem("--server " + server + ": expected such as http://127.0.0.1:8080", e);
        }
    }

    private Reply send(HttpRequest request) {
        try {
            HttpResponse<String> response = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    "nobody answers at " + server + "; is `conjunct run` up, and --server its admin port?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigurationProblem("interrupted", e);
        }
    }
}
