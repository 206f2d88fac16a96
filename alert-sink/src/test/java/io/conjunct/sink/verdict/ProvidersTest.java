// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.conjunct.record.Observation;
import io.conjunct.record.Statement;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import io.conjunct.sink.ManualClock;
import io.conjunct.sink.fakes.FakeSlack;
import io.conjunct.sink.fakes.PagerDutyWebhooks;
import io.conjunct.sink.fakes.SlackTaps;
import io.conjunct.sink.receiver.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our paths, spoken to as Slack and PagerDuty speak: over HTTP, signed, repeated, and given up. */
final class ProvidersTest {
    private static final FakeSlack.Message MESSAGE = new FakeSlack.Message(
            "1.000001",
            "",
            "PAGE FIRING",
            0,
            "[{\"type\":\"actions\",\"block_id\":\"v1:a\",\"elements\":[{\"type\":\"button\","
                    + "\"action_id\":\"conjunct_verdict_noise\",\"value\":\"v1:a\"},{\"type\":\"static_select\","
                    + "\"action_id\":\"conjunct_verdict_duplicate\",\"options\":[{\"value\":\"v1:b\"}]}]}]");

    private final MockProducer<String, String> kafka =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    private final VerdictTopic topic = new VerdictTopic(kafka, "conjunct.verdicts");
    private final ManualClock clock = new ManualClock();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hooks/slack", Hook.handler(new SlackHook(new Secret("s1"), topic, clock)));
        server.createContext("/hooks/pagerduty", Hook.handler(new PagerDutyHook(new Secret("p1"), topic)));
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private List<Statement> said() throws IOException {
        List<Statement> said = new ArrayList<>();
        for (var line : kafka.history()) {
            said.add(StatementJson.read(line.value()));
        }
        return said;
    }

    @Test
    void tap_isAVerdict_andAWrongSecretIsNone() throws Exception {
        SlackTaps slack = new SlackTaps(at("/hooks/slack"), "s1", clock);

        assertThat(slack.tap(MESSAGE, "conjunct_verdict_noise", "ada")).isEqualTo(200);
        assertThat(slack.tap(MESSAGE, "conjunct_verdict_noise", "ada"))
                .as("the very same")
                .isEqualTo(409);
        assertThat(new SlackTaps(at("/hooks/slack"), "s2", clock).tap(MESSAGE, "conjunct_verdict_noise", "eve"))
                .isEqualTo(401);
        assertThatThrownBy(() -> slack.tap(MESSAGE, "conjunct_verdict_incident", "ada"))
                .hasMessageContaining("no button");
        assertThat(said())
                .containsExactly(
                        Verdict.said("v1:a", Verdict.Kind.NOISE, "", "ada", clock.millis(), Verdict.Source.SLACK));
    }

    @Test
    void choice_ofAnotherPage_isADuplicateOfIt() throws Exception {
        SlackTaps slack = new SlackTaps(at("/hooks/slack"), "s1", clock);

        assertThat(slack.choose(MESSAGE, "conjunct_verdict_duplicate", "v1:b", "ada"))
                .isEqualTo(200);
        assertThat(said())
                .containsExactly(Verdict.said(
                        "v1:a", Verdict.Kind.DUPLICATE, "v1:b", "ada", clock.millis(), Verdict.Source.SLACK));
    }

    private PagerDutyWebhooks webhooks(String... secrets) {
        return new PagerDutyWebhooks(at("/hooks/pagerduty"), List.of(secrets), clock);
    }

    private static void acknowledge(PagerDutyWebhooks webhooks) {
        webhooks.happened(
                "incident.acknowledged", "PD1", "Ada", PagerDutyWebhooks.incident("PD1", "v1:a", "acknowledged"));
    }

    @Test
    void webhook_whileSecretsRotate_isTaken_andItsNoteIsAVerdict() throws Exception {
        PagerDutyWebhooks webhooks = webhooks("p0", "p1");
        acknowledge(webhooks);
        webhooks.happened("incident.annotated", "PD1", "Ada", PagerDutyWebhooks.note("PD1", "#noise again"));
        webhooks.turn();

        assertThat(said())
                .containsExactly(
                        new Observation("v1:a", Observation.What.ACKNOWLEDGED, "PD1", "Ada", clock.millis()),
                        Verdict.said("v1:a", Verdict.Kind.NOISE, "", "Ada", clock.millis(), Verdict.Source.PAGERDUTY));
        assertThat(webhooks.dropped()).isZero();
    }

    @Test
    void webhook_thatKafkaDoesNotTake_isRepeatedInOrder_andCountsOnce() throws Exception {
        PagerDutyWebhooks webhooks = webhooks("p1");
        kafka.sendException = new KafkaException("away");
        acknowledge(webhooks);
        webhooks.happened("incident.resolved", "PD1", "", PagerDutyWebhooks.incident("PD1", "v1:a", "resolved"));
        webhooks.turn();
        assertThat(webhooks.waiting()).isEqualTo(2);
        kafka.sendException = null;
        clock.advance(Duration.ofMinutes(1));
        webhooks.turn();

        assertThat(webhooks.waiting()).isZero();
        assertThat(said())
                .extracting(each -> ((Observation) each).what())
                .containsExactly(Observation.What.ACKNOWLEDGED, Observation.What.RESOLVED);
    }

    @Test
    void webhook_ofAnotherSecret_isRefused_andThreeRefusalsDisableTheSubscriptionForADay() throws Exception {
        PagerDutyWebhooks webhooks = webhooks("p2");
        for (int i = 0; i < 5; i++) {
            acknowledge(webhooks);
        }
        webhooks.turn();

        assertThat(webhooks.isDisabled()).isTrue();
        assertThat(webhooks.dropped()).isEqualTo(3);
        assertThat(webhooks.waiting()).isZero();
        assertThat(said()).isEmpty();
        clock.advance(Duration.ofHours(25));
        assertThat(webhooks.isDisabled()).isFalse();
    }
}
