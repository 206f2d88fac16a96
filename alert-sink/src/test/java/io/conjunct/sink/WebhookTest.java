// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.sink.fakes.FakeSlack;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.webhook.WebhookSettings;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WebhookTest {
    /** Any server with a journal will do: its faults are the answers. */
    private final FakeSlack server = FakeSlack.start();

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
        server.close();
    }

    private Lane lane(Optional<Secret> token) {
        return bench.lane("hook", new WebhookSettings(Endpoint.of(server.url()), token));
    }

    @Test
    void body_isAlertmanagersVersion4() throws Exception {
        server.script(Fault.status(204), 2);
        Lane lane = lane(Optional.of(new Secret("t0ken")));
        bench.give(lane, Alerts.firing("checkout"));
        bench.give(lane, Alerts.resolved("checkout"));
        bench.run(lane, 10);

        assertThat(server.journal())
                .hasSize(2)
                .allSatisfy(exchange -> assertThat(exchange.headers())
                        .containsEntry("authorization", "Bearer t0ken")
                        .containsEntry("content-type", "application/json"));
        JsonNode firing = new ObjectMapper().readTree(server.journal().get(0).body());
        assertThat(firing.path("version").asText()).isEqualTo("4");
        assertThat(firing.path("status").asText()).isEqualTo("firing");
        assertThat(firing.fieldNames())
                .toIterable()
                .containsExactly(
                        "version",
                        "groupKey",
                        "truncatedAlerts",
                        "status",
                        "receiver",
                        "groupLabels",
                        "commonLabels",
                        "commonAnnotations",
                        "externalURL",
                        "alerts");
        JsonNode alert = firing.at("/alerts/0");
        assertThat(alert.at("/labels/alertname").asText()).isEqualTo("checkout-cache");
        assertThat(alert.at("/labels/service").asText()).isEqualTo("checkout");
        assertThat(alert.at("/labels/tier").asText()).isEqualTo("page");
        assertThat(alert.at("/annotations/description").asText()).startsWith("PAGE FIRING: ");
        assertThat(alert.path("startsAt").asText()).isEqualTo("2026-11-20T21:03:10Z");
        assertThat(alert.path("endsAt").asText()).isEqualTo("0001-01-01T00:00:00Z");
        JsonNode resolved = new ObjectMapper().readTree(server.journal().get(1).body());
        assertThat(resolved.at("/alerts/0/status").asText()).isEqualTo("resolved");
        assertThat(resolved.at("/alerts/0/endsAt").asText()).isEqualTo("2026-11-20T21:15:40Z");
        assertThat(resolved.at("/alerts/0/fingerprint")).isEqualTo(alert.path("fingerprint"));
        assertThat(resolved.path("groupKey")).isEqualTo(firing.path("groupKey"));
    }

    @Test
    void token_thatIsRepeatedByTheServer_isMasked() throws Exception {
        server.script(Fault.status(403, "token t0ken-c4n4ry is wrong"), 1);
        Lane lane = lane(Optional.of(new Secret("t0ken-c4n4ry")));
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(bench.producer.history().get(0).value())
                .contains("\"reason\":\"authError\"", "token *** is wrong")
                .doesNotContain("c4n4ry");
    }

    @Test
    void host_thatIsNotListed_isNeverConnectedTo() throws Exception {
        Lane lane = bench.lane("hook", new WebhookSettings(Endpoint.of("http://localhost:1/x"), Optional.empty()));
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(bench.producer.history().get(0).value()).contains("host localhost is not in allow_hosts");
    }
}
