// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes the packaged product under traffic and answers every query of the dashboards. Runs with
 * {@code -Pprometheus} and needs {@code prometheus} on the path.
 */
@Tag("prometheus")
final class PrometheusIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DASHBOARDS = Path.of("..", "docker", "grafana");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SERVICE = "scraped";

    /** What a person on call asks, and the accounting identities of sidecar and engine. */
    private static final List<String> QUESTIONS = List.of(
            "up == 1",
            "conjunct_build_info",
            "conjunct_signal_value{signal=\"read_p99\"} > 0.3",
            "conjunct_signal_samples{signal=\"reads\"}",
            "conjunct_condition_state{alert=\"CachePathSlow_scraped\"} == 1",
            "conjunct_condition_threshold",
            "conjunct_alert_state == 2",
            "sum by (alert) (conjunct_rule_pages_total) == 1",
            "sum(rate(conjunct_ingest_accepted_total[1m])) > 0",
            "time() - conjunct_engine_watermark_seconds < 60",
            "sum(conjunct_ingest_received_total) == sum(conjunct_ingest_accepted_total)"
                    + " + (sum(conjunct_ingest_rejected_total) or vector(0))",
            "sum(conjunct_engine_events_total) == sum(conjunct_engine_measured_events_total)"
                    + " + sum(conjunct_engine_unmeasured_events_total)",
            "conjunct_engine_duplicate_partials_total == 0");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Instant begin = Instant.now();

    @Test
    void everyQueryOfThePersonOnCallAndOfTheDashboards_hasData() throws Exception {
        try (FakePagerDuty pagerDuty = FakePagerDuty.start();
                ConjunctProcess conjunct = new ConjunctProcess(directory.resolve("conjunct"))
                        .rule("reads.yaml", CachePathRules.of(SERVICE))
                        .pages(pagerDuty)) {
            pagerDuty.script(Fault.status(503, "busy"), 1);
            conjunct.startAndAwaitReady();
            int port = ConjunctProcess.freePort();
            Process prometheus = prometheus(conjunct, port);
            try (PersistentClient client = PersistentClient.start(conjunct, SERVICE)) {
                client.slow(true);
                new PagedOnce(conjunct, pagerDuty, SERVICE).awaitFiring();
                List<String> queries = new ArrayList<>(QUESTIONS);
                queries.addAll(dashboardQueries());
                Set<String> silent = new LinkedHashSet<>(queries);
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                    for (String query : List.copyOf(silent)) {
                        if (!results(port, query).isEmpty()) {
                            silent.remove(query);
                        }
                    }
                    assertThat(silent).isEmpty();
                });
            } finally {
                prometheus.destroyForcibly().waitFor();
            }
        }
    }

    private Process prometheus(ConjunctProcess conjunct, int port) throws IOException {
        Path configuration = directory.resolve("prometheus.yml");
        Files.writeString(configuration, """
                global: {scrape_interval: 1s}
                scrape_configs:
                - job_name: conjunct
                  static_configs: [{targets: ["127.0.0.1:%d"]}]
                """.formatted(conjunct.adminPort()));
        return new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    /**
     * The result from the beginning until now, as a panel or an annotation asks for it: what tells of a moment has data
     * only then. Empty while Prometheus is not up.
     */
    private JsonNode results(int port, String query) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query_range?query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&step=1&start=" + begin.getEpochSecond() + "&end="
                + Instant.now().getEpochSecond());
        try {
            HttpResponse<String> response =
                    http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(query + ": " + response.body()).isIn(200, 503);
            return JSON.readTree(response.body()).path("data").path("result");
        } catch (java.net.ConnectException e) {
            return JSON.createArrayNode();
        }
    }

    /** Every expression of every panel, with Grafana's variables filled in. */
    private static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        if (!Files.isDirectory(DASHBOARDS)) {
            return queries;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(DASHBOARDS)) {
            files = walk.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            JsonNode dashboard = JSON.readTree(file.toFile());
            NavigableSet<String> variables = new TreeSet<>();
            for (JsonNode variable : dashboard.path("templating").path("list")) {
                variables.add(variable.path("name").asText());
            }
            for (String expression : dashboard.findValuesAsText("expr")) {
                queries.add(filled(expression, variables));
            }
        }
        return queries;
    }

    private static String filled(String expression, NavigableSet<String> variables) {
        String filled = expression
                .replace("$__rate_interval", "1m")
                .replace("$__interval", "15s")
                .replace("$__range", "5m");
        // The longest name first: $group must not eat the beginning of $group_name.
        for (String name : variables.descendingSet()) {
            filled = filled.replace("${" + name + "}", ".*").replace("$" + name, ".*");
        }
        return filled;
    }
}
