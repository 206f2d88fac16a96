// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.ingest.SidecarStatus;
import io.conjunct.ingest.metrics.Shaped;
import io.conjunct.ingest.metrics.Shaping;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final List<ComponentState> states =
            new ArrayList<>(List.of(new ComponentState("broker", "127.0.0.1:9092", Optional.empty())));
    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private AdminServer admin;

    @BeforeEach
    void start() throws IOException {
        Counter.builder().name("conjunct_test_total").register(registry).inc(7);
        admin = AdminServer.start("127.0.0.1", 0, registry, () -> states, "1.2.3");
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void readyz_whenAllAreReady_is200() throws Exception {
        HttpResponse<String> response = get("readyz");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"ready\" : true", "\"broker\"", "127.0.0.1:9092");
        assertThat(get("-/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void telemetry_isOnThePageAndInStatus_withAdviceAndWithoutMarkup() throws Exception {
        assertThat(get("status").statusCode()).isEqualTo(404);
        Map<Shaped, Long> shaped = new LinkedHashMap<>();
        shaped.put(new Shaped("<b>cart", "span.name", Shaping.IDS_IN_NAME), 1_234L);
        shaped.put(new Shaped("search", "time", Shaping.TIME_LONG_AGO), 7L);
        admin.intake(() -> new SidecarStatus(3 << 20, Duration.ofSeconds(90), shaped, List.of("url.full")));
        String page = get("").body();
        assertThat(page)
                .contains("3.0 MiB on disk; the oldest batch has waited for Kafka for 90 s.")
                .contains("&lt;b&gt;cart", "1,234", "<code>span.name</code> holds ids or numbers")
                .contains("<code>url.full</code>")
                .doesNotContain("<b>cart");
        JsonNode json = new ObjectMapper().readTree(get("status").body());
        assertThat(json.at("/shaped/0/service").asText()).isEqualTo("<b>cart");
        assertThat(json.at("/shaped/1/reason").asText()).isEqualTo("time_long_ago");
        assertThat(json.at("/private_attributes/0").asText()).isEqualTo("url.full");
        assertThat(json.at("/spool_oldest_age_seconds").asDouble()).isEqualTo(90);
    }

    @Test
    void readyz_whenOneIsNot_is503WithTheReason() throws Exception {
        states.add(new ComponentState("correlator", "", Optional.of("restoring state")));
        HttpResponse<String> response = get("readyz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("\"ready\" : false", "\"reason\" : \"restoring state\"");
        assertThat(get("healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_areInTheFormatThatWasAskedFor() throws Exception {
        assertThat(get("metrics").body()).contains("# TYPE conjunct_test_total counter", "conjunct_test_total 7.0");
        HttpResponse<String> open = client.send(
                request("metrics")
                        .header("Accept", "application/openmetrics-text; version=1.0.0")
                        .build(),
                BodyHandlers.ofString());
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void metrics_areGzippedOnRequest() throws Exception {
        HttpResponse<byte[]> response =
                client.send(request("metrics").header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("conjunct_test_total 7.0");
        }
    }

    @Test
    void page_escapesWhatComponentsSay() throws Exception {
        states.add(new ComponentState("sink", "", Optional.of("<script>alert(1)</script>")));
        HttpResponse<String> response = get("");
        assertThat(response.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'");
        assertThat(response.body()).contains("&lt;script&gt;", "conjunct 1.2.3").doesNotContain("<script>");
    }

    @Test
    void otherPathsAndMethods_areRefused() throws Exception {
        assertThat(get("nothing").statusCode()).isEqualTo(404);
        assertThat(get("metrics/more").statusCode()).isEqualTo(404);
        HttpResponse<String> post = client.send(
                request("metrics")
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(post.statusCode()).isEqualTo(405);
    }

    @Test
    void kafkaMetrics_ofNoKafka_areEmpty() {
        assertThat(new KafkaMetrics().collect().stream())
                .allMatch(each -> each.getMetadata().getName().startsWith("kafka_"));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(admin.url() + path));
    }
}
