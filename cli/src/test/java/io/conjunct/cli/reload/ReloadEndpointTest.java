// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.cli.admin.AdminServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReloadEndpointTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final HeapRuleLog log = new HeapRuleLog();

    @SuppressWarnings("NullAway.Init")
    private AdminServer admin;

    @BeforeEach
    void serve() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), RuleReloadTest.rules("Slow", 5));
        RuleReload reload = new RuleReload(
                directory,
                directory.resolve("memory"),
                log,
                new ReloadMetrics(new PrometheusRegistry()),
                () -> Instant.EPOCH);
        admin = AdminServer.start("127.0.0.1", 0, new PrometheusRegistry(), List::of, "test");
        admin.accept(ReloadEndpoint.PATH, new ReloadEndpoint(reload));
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private HttpResponse<String> ask(String method, String accept) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(admin.url() + "-/reload"))
                                .header("Accept", accept)
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void goodFiles_areAnsweredWithTheirRevision() throws Exception {
        HttpResponse<String> answer = ask("POST", "*/*");
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("result").asText()).isEqualTo("applied");
        assertThat(body.path("revision").asText())
                .isEqualTo(log.updates.get(0).revision())
                .isNotEmpty();
        assertThat(ask("POST", "text/plain").body()).startsWith("unchanged: revision ");
    }

    @Test
    void badFiles_areAnsweredWithEveryError_andTheRevisionThatStays() throws Exception {
        ask("POST", "*/*");
        Files.writeString(
                directory.resolve("a.yaml"),
                RuleReloadTest.rules("Slow", 5)
                        .replace("level > 5", "leval > 5")
                        .replace("owner", "ownr"));
        HttpResponse<String> answer = ask("POST", "*/*");
        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("revision").asText()).isEqualTo(log.updates.get(0).revision());
        assertThat(body.path("diagnostics").findValuesAsText("id")).contains("condition/unknown-signal", "key/unknown");
        assertThat(body.path("text").asText()).contains("^^^^^").contains("did you mean `level`?");
        HttpResponse<String> text = ask("POST", "text/plain");
        assertThat(text.statusCode()).isEqualTo(422);
        assertThat(text.body()).contains("did you mean `level`?").endsWith(" is in force\n");
    }

    @Test
    void kafkaAway_isAnsweredWith503() throws Exception {
        log.away = true;
        assertThat(ask("POST", "*/*").statusCode()).isEqualTo(503);
    }

    @Test
    void get_changesNothing() throws Exception {
        HttpResponse<String> answer = ask("GET", "*/*");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
        assertThat(log.updates).isEmpty();
    }
}
