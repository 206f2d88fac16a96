// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert.State;
import io.conjunct.sink.fakes.Exchange;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults P3, P6 and N1-N9: the sink dies at every point, and no page is lost, doubled or left open. */
@Timeout(300)
final class CrashTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RANDOM_RUNS = 60;

    /** Three services, one of them twice, one that is still firing. */
    private static void script(CrashRig rig) {
        rig.alerts.add(Alerts.episode("a", 0, State.FIRING));
        rig.alerts.add(Alerts.episode("b", 0, State.FIRING));
        rig.alerts.add(Alerts.episode("a", 0, State.RESOLVED));
        rig.alerts.add(Alerts.episode("a", 1, State.FIRING));
        rig.alerts.add(Alerts.episode("c", 0, State.FIRING));
        rig.alerts.add(Alerts.episode("b", 0, State.RESOLVED));
        rig.alerts.add(Alerts.episode("a", 1, State.RESOLVED));
    }

    /** I1, I2, I3: every episode opened exactly one incident, and those that are over are closed. */
    private static void assertTrusted(CrashRig rig) throws Exception {
        Map<String, Boolean> over = new HashMap<>();
        rig.alerts.forEach(alert -> over.merge(alert.episode(), alert.state() == State.RESOLVED, Boolean::logicalOr));
        List<FakePagerDuty.Incident> incidents = rig.pagerDuty.incidents();
        assertThat(incidents)
                .extracting(FakePagerDuty.Incident::dedupKey)
                .containsExactlyInAnyOrderElementsOf(over.keySet());
        assertThat(incidents)
                .allSatisfy(incident ->
                        assertThat(incident.status() == Status.RESOLVED).isEqualTo(over.get(incident.dedupKey())));
        Set<String> resolved = new HashSet<>();
        for (Exchange exchange : rig.pagerDuty.journal()) {
            JsonNode event = JSON.readTree(exchange.body());
            String key = event.path("dedup_key").asText();
            if (event.path("event_action").asText().equals("resolve")) {
                resolved.add(key);
            } else {
                assertThat(resolved).doesNotContain(key);
            }
        }
        assertThat(rig.chat.stream().distinct()).hasSize(rig.alerts.size());
        // Repeats only where the process died between a request and its outcome in the log.
        assertThat(rig.chat.size()).isLessThanOrEqualTo(rig.alerts.size() + rig.kills);
    }

    @Test
    void sink_killedAtEveryPoint_losesDoublesAndLeavesOpenNothing() throws Exception {
        int points;
        try (CrashRig rig = new CrashRig()) {
            script(rig);
            rig.runToTheEnd();
            assertTrusted(rig);
            assertThat(rig.chat).hasSize(rig.alerts.size());
            points = rig.points;
        }
        assertThat(points).isGreaterThan(80);
        int kills = 0;
        for (int at = 0; at < points; at++) {
            int point = at;
            try (CrashRig rig = new CrashRig()) {
                script(rig);
                rig.crashes = hit -> hit == point;
                rig.runToTheEnd();
                assertThat(rig.kills).as("kills at point %d", at).isEqualTo(1);
                assertTrusted(rig);
                kills += rig.kills;
            }
        }
        assertThat(kills).isEqualTo(points);
    }

    @Test
    void sink_killedAtRandom_withReceiversThatFail_isTrustedStill() throws Exception {
        int kills = 0;
        for (int seed = 0; seed < RANDOM_RUNS; seed++) {
            Random random = new Random(seed);
            try (CrashRig rig = new CrashRig()) {
                script(rig);
                for (int i = 0; i < 10; i++) {
                    Fault fault = random.nextBoolean()
                            ? Fault.status(503)
                            : random.nextBoolean() ? new Fault.Lost() : new Fault.None();
                    rig.pagerDuty.script(fault, 1 + random.nextInt(2));
                    rig.chatAnswers.add(new Outcome.Retry(FailureReason.RATE_LIMITED, "429", Duration.ofSeconds(3)));
                }
                rig.crashes = hit -> random.nextInt(25) == 0;
                rig.runToTheEnd();
                assertThat(rig.committed).as("seed %d", seed).isEqualTo(rig.alerts.size());
                assertTrusted(rig);
                kills += rig.kills;
            }
        }
        assertThat(kills).isGreaterThan(200);
    }

    @Test
    void zombie_thatWakesAfterItsEpisodeWasResolvedByAnother_sendsNothing() throws Exception {
        try (CrashRig rig = new CrashRig();
                CrashRig.Life sleeper = rig.new Life()) {
            rig.alerts.add(Alerts.episode("a", 0, State.FIRING));
            sleeper.close();
            try (CrashRig.Life stopped = rig.new Life()) {
                rig.kafka.appended = () -> {
                    // The first is stopped right after its intent; its session ends, another takes over.
                    rig.kafka.appended = () -> {};
                    rig.alerts.add(Alerts.episode("a", 0, State.RESOLVED));
                    rig.leaseNanos += Duration.ofSeconds(6).toNanos();
                    try (CrashRig.Life other = rig.new Life()) {
                        other.run(100);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                };
                stopped.loop.turn();
                for (Lane lane : stopped.lanes.values()) {
                    lane.step();
                }
            }
            assertThat(rig.pagerDuty.journal()).hasSize(2);
            assertTrusted(rig);
        }
    }

    @Test
    void log_thatKafkaDoesNotTake_keepsEveryRequestBack() throws Exception {
        try (CrashRig rig = new CrashRig()) {
            script(rig);
            rig.kafka.sendException = new org.apache.kafka.common.errors.TimeoutException("away");
            try (CrashRig.Life life = rig.new Life()) {
                life.run(20);
            }
            assertThat(rig.pagerDuty.journal()).isEmpty();
            assertThat(rig.chat).isEmpty();
            rig.kafka.sendException = null;
            rig.runToTheEnd();
            assertTrusted(rig);
        }
    }

    @Test
    void page_toldAfterItsEnd_saysAllTimes() throws Exception {
        try (CrashRig rig = new CrashRig()) {
            rig.alerts.add(Alerts.episode("a", 0, State.FIRING));
            rig.alerts.add(Alerts.episode("a", 0, State.RESOLVED));
            rig.clock.advance(Duration.ofMinutes(20));
            rig.runToTheEnd();
            assertTrusted(rig);
            assertThat(rig.chatAlerts.get(0).annotations().get("late"))
                    .startsWith("fired 21:03:20, resolved 21:04:10, delivered 21:30:");
            assertThat(rig.chatAlerts.get(1).annotations().get("late")).startsWith("resolved 21:04:10, delivered");
        }
    }

    @Test
    void page_thatDoesNotGetThroughInTime_goesToTheFallback_andItsEndToo() throws Exception {
        try (CrashRig rig = new CrashRig()) {
            rig.route = List.of("oncall");
            rig.fallback = Optional.of(new Fallback(Duration.ofSeconds(60), List.of("spare")));
            rig.alerts.add(Alerts.episode("a", 0, State.FIRING));
            rig.alerts.add(Alerts.episode("a", 0, State.RESOLVED));
            rig.pagerDuty.script(Fault.status(503), 12);
            rig.runToTheEnd();

            assertThat(rig.chat).hasSize(2);
            assertThat(rig.pagerDuty.incidents())
                    .singleElement()
                    .matches(incident -> incident.status() == Status.RESOLVED);
        }
    }

    @Test
    void page_thatGetsThrough_doesNotTroubleTheFallback() throws Exception {
        try (CrashRig rig = new CrashRig()) {
            rig.route = List.of("oncall");
            rig.fallback = Optional.of(new Fallback(Duration.ofSeconds(60), List.of("spare")));
            script(rig);
            rig.runToTheEnd();

            assertThat(rig.chat).isEmpty();
            assertThat(rig.pagerDuty.incidents()).hasSize(4);
            assertThat(Duration.between(new ManualClock().instant(), rig.clock.instant()))
                    .isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void refusal_isToldThroughAnotherReceiver_andItsEndToo_atEveryCrash() throws Exception {
        for (int at = -1; at < 40; at++) {
            int point = at;
            try (CrashRig rig = new CrashRig()) {
                rig.route = List.of("oncall");
                rig.fallback = Optional.of(new Fallback(Duration.ofSeconds(60), List.of("spare")));
                rig.crashes = hit -> hit == point;
                rig.alerts.add(Alerts.episode("a", 0, State.FIRING));
                rig.pagerDuty.script(Fault.status(400), at < 0 ? 1 : 2);
                rig.runToTheEnd();
                // The page itself, at once, and the ticket about the receiver.
                assertThat(rig.chat).as("crash at %d", at).anyMatch(text -> text.startsWith("checkout-cache a"));
                assertThat(rig.chat).as("crash at %d", at).anyMatch(text -> text.startsWith(Notices.NAME));
                if (at < 0) {
                    assertThat(rig.chat).hasSize(2);
                    rig.alerts.add(Alerts.episode("b", 0, State.FIRING));
                }
            }
        }
    }
}
