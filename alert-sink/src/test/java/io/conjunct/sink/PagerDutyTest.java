// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.FakePagerDuty.Incident;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.pagerduty.PagerDutySettings;
import io.conjunct.sink.receiver.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PagerDutyTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private final ManualClock clock = new ManualClock();
    private final FakePagerDuty pagerDuty = FakePagerDuty.start(clock);
    private Bench bench = new Bench(clock, Duration.ofSeconds(10));
    private Lane lane = lane();

    private Lane lane() {
        return bench.lane("oncall", new PagerDutySettings(Endpoint.of(pagerDuty.url()), new Secret(KEY)));
    }

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
        pagerDuty.close();
    }

    @Test
    void page_firingAndResolved_isOneIncidentWithItsEvidence() throws Exception {
        bench.give(lane, Alerts.firing("checkout"));
        bench.give(lane, Alerts.resolved("checkout"));
        bench.run(lane, 10);

        assertThat(pagerDuty.incidents())
                .containsExactly(new Incident(
                        KEY,
                        Alerts.firing("checkout").episode(),
                        Status.RESOLVED,
                        "Checkout is slow because its cache is cold",
                        "critical",
                        "2026-11-20T21:03:10Z",
                        1));
        JsonNode event = new ObjectMapper().readTree(pagerDuty.journal().get(0).body());
        assertThat(event.at("/payload/source").asText()).isEqualTo("checkout");
        assertThat(event.at("/payload/class").asText()).isEqualTo("checkout-cache");
        assertThat(event.at("/payload/custom_details/evidence/0").asText())
                .isEqualTo("hit_p99 > 1000ms: 1.42 s, limit 1 s, 1,204 events in 5 min");
        assertThat(event.at("/payload/custom_details/owner").asText()).isEqualTo("team-checkout");
        assertThat(event.at("/links/0/href").asText()).isEqualTo("https://runbooks.example.com/checkout-cache");
        assertThat(bench.committable()).isEqualTo(2);
    }

    @Test
    void ticket_isAWarning() throws Exception {
        bench.give(lane, Alerts.alert("checkout", State.FIRING, Tier.TICKET));
        bench.run(lane, 5);

        assertThat(pagerDuty.incidents())
                .singleElement()
                .extracting(Incident::severity)
                .isEqualTo("warning");
    }

    @Test
    void annotation_isAChangeEventAndNoIncident() throws Exception {
        bench.give(lane, Alerts.alert("checkout", State.FIRING, Tier.ANNOTATE));
        bench.give(lane, Alerts.alert("checkout", State.RESOLVED, Tier.ANNOTATE));
        bench.run(lane, 5);

        assertThat(pagerDuty.incidents()).isEmpty();
        assertThat(pagerDuty.changes())
                .extracting(FakePagerDuty.Change::summary)
                .containsExactly(
                        "Checkout is slow because its cache is cold",
                        "Over: Checkout is slow because its cache is cold");
    }

    @Test
    void serverErrors_thenWell_isRetriedWithGrowingPausesAndDeliveredOnce() throws Exception {
        pagerDuty.script(Fault.status(500), 3).script(Fault.status(503), 2);
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 50);

        assertThat(pagerDuty.incidents())
                .singleElement()
                .extracting(Incident::triggers)
                .isEqualTo(1);
        assertThat(bench.books.failures("oncall", "serverError")).isEqualTo(5);
        assertThat(bench.pauses).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(bench.pauses.get(i)).isBetween(Duration.ofMillis(500L << i), Duration.ofMillis(1_000L << i));
        }
    }

    @Test
    void outage_ofAnHour_isOutlastedWithPausesOfAtMostAMinute() throws Exception {
        pagerDuty.script(Fault.status(502), 90);
        bench.give(lane, Alerts.firing("checkout"));
        bench.give(lane, Alerts.resolved("checkout"));
        bench.run(lane, 400);

        assertThat(bench.pauses).allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofMillis(500), Backoff.MOST));
        assertThat(bench.pauses.stream().reduce(Duration.ZERO, Duration::plus)).isGreaterThan(Duration.ofMinutes(45));
        // Late is better than never: opened with the time it began, and resolved.
        assertThat(pagerDuty.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.status()).isEqualTo(Status.RESOLVED);
            assertThat(incident.timestamp()).isEqualTo("2026-11-20T21:03:10Z");
        });
    }

    @Test
    void slowDown_withRetryAfter_isWaitedFor() throws Exception {
        pagerDuty.script(Fault.slowDown(45), 1);
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(bench.pauses).containsExactly(Duration.ofSeconds(45));
        assertThat(bench.books.failures("oncall", "rateLimited")).isEqualTo(1);
        assertThat(pagerDuty.incidents()).hasSize(1);
    }

    @Test
    void slowDown_forTenYears_isAFaultOfTheirsAndWaitsFiveMinutes() throws Exception {
        pagerDuty.script(Fault.slowDown(315_360_000), 1);
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(bench.pauses).containsExactly(LaneQueue.LONGEST_PAUSE);
        assertThat(pagerDuty.incidents()).hasSize(1);
    }

    @Test
    void refused_isADeadLetterAndBlocksNothing() throws Exception {
        pagerDuty.script(Fault.status(400, "{\"status\":\"invalid event\",\"errors\":[\"key " + KEY + "\"]}"), 1);
        bench.give(lane, Alerts.firing("broken"));
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(pagerDuty.incidents()).hasSize(1);
        assertThat(bench.producer.history()).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo("conjunct.dead-letters");
            assertThat(letter.key()).isEqualTo(Alerts.firing("broken").identity());
            assertThat(letter.value())
                    .startsWith("{\"receiver\":\"oncall\",\"reason\":\"clientError\",\"detail\":\"400: ")
                    .contains("\"alert\":{\"alert\":\"checkout-cache\"")
                    .doesNotContain(KEY);
        });
        assertThat(bench.books.outcomes("dead_lettered")).isEqualTo(1);
        assertThat(bench.committable()).isEqualTo(2);
    }

    @Test
    void finalStatuses_haveTheirReasons() throws Exception {
        for (int status : new int[] {401, 403, 404, 410}) {
            pagerDuty.script(Fault.status(status), 1);
            bench.give(lane, Alerts.firing("checkout-" + status));
        }
        bench.run(lane, 20);

        assertThat(bench.books.failures("oncall", "authError")).isEqualTo(2);
        assertThat(bench.books.failures("oncall", "clientError")).isEqualTo(2);
        assertThat(bench.producer.history()).hasSize(4);
    }

    @Test
    void hang_isCutOffAndRetried() throws Exception {
        bench.close();
        bench = new Bench(clock, Duration.ofMillis(300));
        lane = lane();
        pagerDuty.script(new Fault.Hang(), 1);
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(bench.books.failures("oncall", "contextDeadlineExceeded")).isEqualTo(1);
        assertThat(pagerDuty.incidents()).hasSize(1);
    }

    @Test
    void endlessAnswer_isReadToItsLimitOnly() throws Exception {
        pagerDuty.script(new Fault.Endless(), 1);
        bench.give(lane, Alerts.firing("checkout"));
        long start = System.nanoTime();
        bench.run(lane, 10);

        assertThat(bench.books.outcomes("delivered")).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void lostAnswer_isSentAgainAndStaysOneIncident() throws Exception {
        pagerDuty.script(new Fault.Lost(), 1);
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(pagerDuty.incidents())
                .singleElement()
                .extracting(Incident::triggers)
                .isEqualTo(2);
        assertThat(bench.books.failures("oncall", "other")).isEqualTo(1);
    }

    @Test
    void redirect_isNotFollowed() throws Exception {
        try (FakePagerDuty elsewhere = FakePagerDuty.start(clock)) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                pagerDuty.script(Fault.redirect(status, elsewhere.url() + "/v2/enqueue"), 1);
                bench.give(lane, Alerts.firing("checkout-" + status));
            }
            bench.run(lane, 20);

            assertThat(elsewhere.journal()).isEmpty();
            assertThat(bench.books.sum("conjunct_sink_redirects_refused")).isEqualTo(5);
            assertThat(bench.producer.history()).hasSize(5);
        }
    }

    @Test
    void pace_staysWithinWhatPagerDutyTakes() throws Exception {
        for (int i = 0; i < 300; i++) {
            bench.give(lane, Alerts.firing("service-" + i));
        }
        bench.run(lane, 1_000);

        assertThat(pagerDuty.incidents()).hasSize(300);
        assertThat(bench.books.sum("conjunct_sink_failures")).isZero();
        assertThat(bench.pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(Duration.ofSeconds(122));
    }

    @Test
    void otherClientsOfTheKey_exhaustIt_nothingIsLost() throws Exception {
        pagerDuty.script(Fault.status(429), 25);
        for (int i = 0; i < 50; i++) {
            bench.give(lane, Alerts.firing("service-" + i));
        }
        bench.run(lane, 1_000);

        assertThat(pagerDuty.incidents()).hasSize(50);
        assertThat(bench.books.failures("oncall", "rateLimited")).isEqualTo(25);
    }

    @Test
    void monstrousTexts_areCutToWhatPagerDutyTakes() throws Exception {
        String monster = "🔥".repeat(600) + "\uD83D" + "عطل ".repeat(200_000) + "\u0000\u202e";
        Alert alert = Alerts.alert(
                monster,
                State.FIRING,
                Tier.PAGE,
                Map.of("summary", monster, "runbook_url", "https://example.com/" + "x".repeat(5_000)));
        bench.give(lane, alert.withReason(monster));
        bench.run(lane, 10);

        assertThat(bench.producer.history()).isEmpty();
        assertThat(pagerDuty.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.summary().length()).isBetween(1_020, 1_024);
            assertThat(incident.summary()).startsWith("🔥🔥").endsWith("🔥…");
        });
    }

    @Test
    void identity_manyEpisodes_triggerNeverFollowsItsResolve() throws Exception {
        pagerDuty.script(Fault.status(500), 2).script(new Fault.None(), 1).script(Fault.status(500), 3);
        for (int i = 0; i < 20; i++) {
            bench.give(lane, Alerts.episode("service-" + i % 5, i / 5, State.FIRING));
            bench.give(lane, Alerts.episode("service-" + i % 5, i / 5, State.RESOLVED));
        }
        bench.run(lane, 500);

        // Each pair is an incident of its own only if it came in order.
        assertThat(pagerDuty.incidents()).hasSize(20).allMatch(incident -> incident.status() == Status.RESOLVED);
    }
}
