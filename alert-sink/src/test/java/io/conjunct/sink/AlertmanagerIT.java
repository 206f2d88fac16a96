// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.sink.alertmanager.AlertmanagerSettings;
import io.conjunct.sink.fakes.Exchange;
import io.conjunct.sink.fakes.FakeSlack;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.Repeating;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Alertmanager, Debian's {@code prometheus-alertmanager}: what we post it takes, shows, passes on and ends. */
@Tag("alertmanager")
final class AlertmanagerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private String url = "";

    private JsonNode alerts() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/api/v2/alerts")).build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Test
    void alertmanager_showsPassesOnAndEndsWhatWePost(@TempDir Path directory) throws Exception {
        ManualClock clock = new ManualClock();
        clock.advance(Duration.between(clock.instant(), Instant.now()));
        try (FakeSlack hook = FakeSlack.start();
                Bench bench = new Bench(clock, Duration.ofSeconds(10))) {
            hook.script(Fault.status(200), 100);
            Process process = start(directory, hook);
            try {
                await().atMost(PATIENCE).ignoreExceptions().until(() -> alerts().isArray());
                tell(bench, hook);
            } finally {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    private Process start(Path directory, FakeSlack hook) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        url = "http://127.0.0.1:" + port;
        Path configuration = directory.resolve("alertmanager.yml");
        Files.writeString(configuration, """
                route: {receiver: hook, group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
                receivers:
                - name: hook
                  webhook_configs: [{url: "%s", send_resolved: true}]
                """.formatted(hook.url()));
        return new ProcessBuilder(
                        "prometheus-alertmanager",
                        "--config.file=" + configuration,
                        "--storage.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("alertmanager.log").toFile())
                .start();
    }

    private void tell(Bench bench, FakeSlack hook) throws Exception {
        Receiver receiver = new AlertmanagerSettings(List.of(Endpoint.of(url)), Optional.empty()).open(bench.around);
        Lane lane = bench.lane("am", around -> receiver);
        long now = Duration.between(Alerts.START, bench.clock.instant()).toSeconds();
        Alert firing = Alerts.labelled(
                Alerts.at(Alerts.firing("checkout"), now - 200), Map.of("cloud.region", "eu", "empty", ""));
        bench.give(lane, firing);
        bench.run(lane, 5);

        assertThat(bench.books.sum("conjunct_sink_failures")).isZero();
        JsonNode shown = alerts().get(0);
        assertThat(shown.path("labels").path("cloud_region").asText()).isEqualTo("eu");
        assertThat(shown.path("status").path("state").asText()).isEqualTo("active");
        Instant first = Instant.parse(shown.path("endsAt").asText());
        await().atMost(PATIENCE).until(() -> statuses(hook).contains("firing"));

        bench.clock.advance(Duration.ofMinutes(1));
        new Repeater("am", (Repeating) receiver, bench.log, () -> Set.of(0), () -> true, bench.clock).turn();
        assertThat(Instant.parse(alerts().get(0).path("endsAt").asText())).isAfter(first);

        bench.clock.advance(Duration.ofMinutes(-1));
        bench.give(
                lane,
                Alerts.labelled(
                        Alerts.at(Alerts.resolved("checkout"), now - 800), Map.of("cloud.region", "eu", "empty", "")));
        bench.run(lane, 5);
        await().atMost(PATIENCE).until(() -> statuses(hook).contains("resolved"));
        assertThat(alerts()).isEmpty();
        bench.books.balance();
    }

    private static List<String> statuses(FakeSlack hook) {
        return hook.journal().stream()
                .map(Exchange::body)
                .map(body -> {
                    try {
                        return JSON.readTree(body).path("status").asText();
                    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }
}
