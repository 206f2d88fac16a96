// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.record.Ledger;
import io.conjunct.record.Observation;
import io.conjunct.record.Statement;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import io.conjunct.sink.ManualClock;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.verdict.Hook.Answer;
import io.conjunct.sink.verdict.Hook.Request;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

final class HooksTest {
    /** Of Slack's documentation, as its Python SDK tests it. */
    private static final Secret SLACK = new Secret("8f742231b10e8888abcd99yyyzzz85a5");

    private static final String BODY = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text="
            + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
            + "%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    private static final String SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    private static final long TIMESTAMP = 1_531_420_618;
    private static final Secret PAGER_DUTY = new Secret("pd-secret");

    private final MockProducer<String, String> kafka =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    private final VerdictTopic topic = new VerdictTopic(kafka, "conjunct.verdicts");
    private final PagerDutyHook pagerDuty = new PagerDutyHook(PAGER_DUTY, topic);
    private final ManualClock clock = new ManualClock();

    private List<Statement> said() {
        return kafka.history().stream().map(line -> statement(line.value())).toList();
    }

    private static Statement statement(String json) {
        try {
            return StatementJson.read(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private SlackHook slackAt(long seconds) {
        return new SlackHook(SLACK, topic, () -> Instant.ofEpochSecond(seconds));
    }

    private static Request slack(String timestamp, String signature, String body) {
        return new Request(
                "POST",
                "",
                Map.of("x-slack-request-timestamp", timestamp, "x-slack-signature", signature),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static Request tap(long timestamp, String actionId, String key) {
        String json =
                "{\"type\":\"block_actions\",\"user\":{\"id\":\"U1\",\"username\":\"ada\"},\"actions\":[{\"action_id\":\""
                        + actionId + "\",\"value\":\"" + key + "\"}]}";
        String body = "payload=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
        String signature =
                "v0=" + Signature.of(SLACK, ("v0:" + timestamp + ":" + body).getBytes(StandardCharsets.UTF_8));
        return slack(Long.toString(timestamp), signature, body);
    }

    @Test
    void slack_publishedVector_verifies_tamperedAndStaleOnesDoNot() {
        Request good = slack(Long.toString(TIMESTAMP), SIGNATURE, BODY);

        assertThat(slackAt(TIMESTAMP).isSigned(good)).isTrue();
        assertThat(slackAt(TIMESTAMP + 300).isSigned(good)).isTrue();
        assertThat(slackAt(TIMESTAMP - 300).isSigned(good)).isTrue();
        assertThat(slackAt(TIMESTAMP + 301).isSigned(good)).isFalse();
        assertThat(slackAt(TIMESTAMP - 301).isSigned(good)).isFalse();
        assertThat(slackAt(TIMESTAMP).isSigned(slack(Long.toString(TIMESTAMP), SIGNATURE, BODY + "x")))
                .isFalse();
        assertThat(slackAt(TIMESTAMP).isSigned(slack(Long.toString(TIMESTAMP + 1), SIGNATURE, BODY)))
                .isFalse();
        assertThat(slackAt(TIMESTAMP).isSigned(slack("x", SIGNATURE, BODY))).isFalse();
        assertThat(slackAt(TIMESTAMP).isSigned(new Request("POST", "", Map.of(), new byte[0])))
                .isFalse();
    }

    @Test
    void slack_tap_isAVerdict_andItsReplayIsNot() {
        SlackHook hook = slackAt(TIMESTAMP);
        Request tap = tap(TIMESTAMP, "conjunct_verdict_noise", "v1:a");

        assertThat(hook.answer(tap)).isEqualTo(new Answer(200, ""));
        assertThat(hook.answer(tap).status()).isEqualTo(409);
        assertThat(said())
                .singleElement()
                .isEqualTo(
                        Verdict.said("v1:a", Verdict.Kind.NOISE, "", "ada", TIMESTAMP * 1_000, Verdict.Source.SLACK));
        assertThat(hook.answer(tap(TIMESTAMP, "another_app", "v1:a")).status()).isEqualTo(400);
        assertThat(hook.answer(tap(TIMESTAMP, "conjunct_verdict_odd", "v1:a")).status())
                .isEqualTo(400);
    }

    @Test
    void slack_tapThatKafkaDoesNotTake_mayComeAgain() {
        SlackHook hook = slackAt(TIMESTAMP);
        Request tap = tap(TIMESTAMP, "conjunct_verdict_incident", "v1:a");
        kafka.sendException = new KafkaException("away");
        assertThat(hook.answer(tap).status()).isEqualTo(503);
        kafka.sendException = null;
        assertThat(hook.answer(tap).status()).isEqualTo(200);
    }

    private Answer pagerDuty(String id, String type, String data) {
        String body = "{\"event\":{\"id\":\"" + id + "\",\"event_type\":\"" + type
                + "\",\"occurred_at\":\"2026-11-20T21:05:00Z\",\"agent\":{\"summary\":\"Ada\"},\"data\":" + data + "}}";
        String right = "v1=" + Signature.of(PAGER_DUTY, body.getBytes(StandardCharsets.UTF_8));
        return pagerDuty.answer(new Request(
                "POST",
                "",
                Map.of("x-pagerduty-signature", "v1=00ff, " + right),
                body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void pagerDuty_eventsBecomeObservationsAndVerdicts_eachOnce() {
        String incident = "{\"id\":\"PD1\",\"incident_key\":\"v1:a\"}";
        pagerDuty("e1", "incident.triggered", incident);
        pagerDuty("e2", "incident.acknowledged", incident);
        pagerDuty("e2", "incident.acknowledged", incident);
        pagerDuty("e3", "incident.annotated", "{\"content\":\"#noise again\",\"incident\":{\"id\":\"PD1\"}}");
        pagerDuty(
                "e4",
                "incident.priority_updated",
                "{\"id\":\"PD1\",\"incident_key\":\"v1:a\",\"priority\":{\"summary\":\"P1\"}}");
        pagerDuty(
                "e5",
                "incident.custom_field_values.updated",
                "{\"incident\":{\"id\":\"PD1\"},\"custom_fields\":[{\"name\":\"verdict\",\"value\":\"incident\"}]}");
        pagerDuty("e6", "incident.annotated", "{\"content\":\"looking\",\"incident\":{\"id\":\"PD1\"}}");
        pagerDuty("e7", "incident.annotated", "{\"content\":\"#noise\",\"incident\":{\"id\":\"PD9\"}}");
        pagerDuty("e8", "service.updated", "{\"id\":\"S1\"}");
        assertThat(pagerDuty("e9", "incident.resolved", incident).status()).isEqualTo(202);

        long at = Instant.parse("2026-11-20T21:05:00Z").toEpochMilli();
        assertThat(said())
                .containsExactly(
                        new Observation("v1:a", Observation.What.OPENED, "PD1", "Ada", at),
                        new Observation("v1:a", Observation.What.ACKNOWLEDGED, "PD1", "Ada", at),
                        Verdict.said("v1:a", Verdict.Kind.NOISE, "", "Ada", at, Verdict.Source.PAGERDUTY),
                        Verdict.implied("v1:a", Verdict.Kind.INCIDENT, "", "Ada", at, 0.8, "priority P1")
                                .asMajor(),
                        Verdict.said("v1:a", Verdict.Kind.INCIDENT, "", "Ada", at, Verdict.Source.PAGERDUTY),
                        new Observation("v1:a", Observation.What.RESOLVED, "PD1", "Ada", at));
    }

    @Test
    void pagerDuty_whatPeopleDo_isEvidenceWithAWeight() {
        pagerDuty("e1", "incident.triggered", "{\"id\":\"PD1\",\"incident_key\":\"v1:a\"}");
        pagerDuty("e2", "incident.triggered", "{\"id\":\"PD2\",\"incident_key\":\"v1:b\"}");
        pagerDuty("e3", "incident.responder.added", "{\"incident\":{\"id\":\"PD1\"}}");
        pagerDuty("e4", "incident.status_update_published", "{\"incident\":{\"id\":\"PD1\"}}");
        pagerDuty(
                "e5",
                "incident.resolved",
                "{\"id\":\"PD2\",\"incident_key\":\"v1:b\",\"resolve_reason\":{\"type\":\"merge_resolve_reason\","
                        + "\"incident\":{\"id\":\"PD1\"}}}");

        assertThat(said())
                .filteredOn(Verdict.class::isInstance)
                .map(Verdict.class::cast)
                .allMatch(verdict -> verdict.source() == Verdict.Source.IMPLICIT && verdict.weight() < 1)
                .extracting(verdict ->
                        verdict.kind().word() + " " + verdict.episode() + " " + verdict.of() + " " + verdict.note())
                .containsExactly(
                        "incident v1:a  several responders",
                        "incident v1:a  status update published",
                        "duplicate v1:b v1:a merged");
    }

    @Test
    void pagerDuty_withoutAFittingSignature_isRefused() {
        Request forged = new Request(
                "POST", "", Map.of("x-pagerduty-signature", "v1=00"), "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(pagerDuty.answer(forged).status()).isEqualTo(401);
        assertThat(pagerDuty
                        .answer(new Request("POST", "", Map.of(), new byte[0]))
                        .status())
                .isEqualTo(401);
    }

    private Answer api(String method, String type, String body) {
        VerdictApi api = new VerdictApi(
                topic,
                (since, cost) -> Optional.of(new Ledger(
                        List.of(),
                        said().stream()
                                .filter(Verdict.class::isInstance)
                                .map(Verdict.class::cast)
                                .toList(),
                        List.of(),
                        List.of(),
                        cost)),
                clock);
        return api.answer(new Request(method, "", Map.of("content-type", type), body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void api_takesVerdictsAndMissedIncidents_andTellsWhatIsWrong() {
        String json = "application/json";
        assertThat(api("POST", json, "{\"key\":\"v1:b\",\"verdict\":\"duplicate\",\"of\":\"v1:a\",\"by\":\"ada\"}"))
                .isEqualTo(Answer.accepted());
        assertThat(api("POST", json, "{\"missed\":\"INC-7\",\"rule\":\"checkout\"}")
                        .status())
                .isEqualTo(202);
        assertThat(said()).hasSize(2);
        assertThat(api("POST", json, "{\"key\":\"v1:c\",\"verdict\":\"noise\",\"by\":\"ada\",\"worked\":\"PT40M\"}"))
                .isEqualTo(Answer.accepted());
        assertThat(said().get(2))
                .isInstanceOfSatisfying(
                        Verdict.class, verdict -> assertThat(verdict.worked()).contains(Duration.ofMinutes(40)));
        for (String wrong : List.of("40m", "-PT1M", "P31D")) {
            assertThat(api(
                                    "POST",
                                    json,
                                    "{\"key\":\"v1:c\",\"verdict\":\"noise\",\"by\":\"ada\",\"worked\":\"" + wrong
                                            + "\"}")
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(api("GET", "", "").json()).startsWith("[{\"key\":\"v1:b\",\"verdict\":\"duplicate\"");

        assertThat(api("POST", json, "{\"restore\":\"Nois\",\"by\":\"ada\"}"))
                .returns(400, Answer::status)
                .extracting(Answer::json)
                .asString()
                .contains("restore: Nois is not demoted (demoted now: none)");

        assertThat(api("POST", "text/plain", "{}").status()).isEqualTo(415);
        assertThat(api("DELETE", json, "").status()).isEqualTo(405);
        assertThat(api("POST", json, "{").status()).isEqualTo(400);
        assertThat(api("POST", json, "{\"key\":\"v1:b\",\"verdict\":\"nois\",\"by\":\"ada\"}"))
                .returns(400, Answer::status)
                .extracting(Answer::json)
                .asString()
                .contains("expected: incident, noise, duplicate, test or unknown");
        assertThat(api("POST", json, "{\"verdict\":\"noise\",\"by\":\"ada\"}").status())
                .isEqualTo(400);
        kafka.sendException = new KafkaException("away");
        assertThat(api("POST", json, "{\"key\":\"v1:b\",\"verdict\":\"noise\",\"by\":\"ada\"}")
                        .status())
                .isEqualTo(503);
    }
}
