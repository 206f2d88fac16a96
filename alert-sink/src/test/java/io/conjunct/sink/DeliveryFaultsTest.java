// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.FakePagerDuty.Incident;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import io.conjunct.sink.fakes.FakeSlack;
import io.conjunct.sink.fakes.Fault;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.pagerduty.PagerDutySettings;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Secret;
import io.conjunct.sink.slack.SlackBotSettings;
import io.conjunct.sink.slack.SlackSettings;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The faults N1 to N11 of receivers, each by its number; those of the wire are in {@code WireFaultsTest}. */
@Timeout(120)
final class DeliveryFaultsTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_KEY = "fedcba9876543210fedcba9876543210";

    private final Bench bench = new Bench();
    private final FakePagerDuty pagerDuty = FakePagerDuty.start(bench.clock);
    private final FakeSlack slack = FakeSlack.start(bench.clock);

    private ReceiverSettings pages(String key) {
        return new PagerDutySettings(Endpoint.of(pagerDuty.url()), new Secret(key));
    }

    private ReceiverSettings bot() {
        return new SlackBotSettings(Endpoint.of(slack.apiUrl()), new Secret(FakeSlack.TOKEN), FakeSlack.CHANNEL, true);
    }

    private Lane tell(String name, ReceiverSettings settings, Alert... alerts) throws InterruptedException {
        Lane lane = bench.lane(name, settings);
        for (Alert alert : alerts) {
            bench.give(lane, alert);
        }
        bench.run(lane, 2_000);
        return lane;
    }

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
        pagerDuty.close();
        slack.close();
    }

    @Test
    void everyFaultOfReceivers_hasItsTest() throws Exception {
        Pattern number = Pattern.compile("n([0-9]+)_.*");
        TreeSet<Integer> numbers = new TreeSet<>();
        Stream.of(getClass(), Class.forName("io.conjunct.sink.http.WireFaultsTest"))
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .map(Method::getName)
                .map(number::matcher)
                .filter(Matcher::matches)
                .forEach(name -> numbers.add(Integer.valueOf(name.group(1))));
        assertThat(numbers).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void n1_slowDownForTenMinutes_losesNothing() throws Exception {
        // Twenty answers of 30 s each, with and without Retry-After.
        for (int i = 0; i < 10; i++) {
            pagerDuty.script(Fault.status(429), 1).script(Fault.slowDown(60), 1);
        }
        Instant begin = bench.clock.instant();
        tell("oncall", pages(KEY), Alerts.firing("a"), Alerts.firing("b"));

        assertThat(Duration.between(begin, bench.clock.instant())).isGreaterThan(Duration.ofMinutes(10));
        assertThat(pagerDuty.incidents()).hasSize(2);
        assertThat(bench.books.failures("oncall", "rateLimited")).isEqualTo(20);
        assertThat(bench.producer.history()).isEmpty();
    }

    @Test
    void n1_slowDownOfOneKey_leavesOthersAlone() throws Exception {
        for (int i = 0; i < 121; i++) {
            // Another client of the same key has used it up.
            pagerDuty.exhaust(KEY);
        }
        try (Bench other = new Bench()) {
            Lane lane = other.lane("other", pages(OTHER_KEY));
            other.give(lane, Alerts.firing("a"));
            other.run(lane, 5);
            assertThat(other.pauses).isEmpty();
        }
        tell("oncall", pages(KEY), Alerts.firing("a"));
        assertThat(pagerDuty.incidents()).extracting(Incident::routingKey).containsExactly(OTHER_KEY, KEY);
    }

    @Test
    void n2_serverErrorsForHalfAnHour_areOutlasted_andThePageKeepsItsTime() throws Exception {
        pagerDuty.script(Fault.status(500), 10).script(Fault.status(502), 10).script(Fault.status(503), 30);
        Instant begin = bench.clock.instant();
        tell("oncall", pages(KEY), Alerts.firing("a"));

        assertThat(Duration.between(begin, bench.clock.instant())).isGreaterThan(Duration.ofMinutes(30));
        assertThat(bench.pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(60)) <= 0);
        assertThat(pagerDuty.incidents())
                .singleElement()
                .satisfies(incident -> assertThat(incident.timestamp()).isEqualTo(Alerts.START.toString()));
    }

    @Test
    void n2_pageThatDoesNotGetThrough_isToldToTheFallbackAfterItsTime() throws Exception {
        try (CrashRig rig = new CrashRig()) {
            rig.route = List.of("oncall");
            rig.fallback = Optional.of(new Fallback(Duration.ofSeconds(60), List.of("spare")));
            rig.alerts.add(Alerts.episode("a", 0, State.FIRING));
            rig.pagerDuty.script(Fault.status(503), 30);
            rig.runToTheEnd();

            assertThat(rig.chat).hasSize(1);
            assertThat(rig.pagerDuty.incidents()).hasSize(1);
        }
    }

    @Test
    void n3_finalStatuses_areDeadLetters_areToldElsewhere_andBlockNothing() throws Exception {
        for (int status : List.of(400, 401, 403, 404, 410)) {
            try (CrashRig rig = new CrashRig()) {
                rig.alerts.add(Alerts.episode("a", 0, State.FIRING));
                rig.alerts.add(Alerts.episode("b", 0, State.FIRING));
                rig.pagerDuty.script(Fault.status(status), 1);
                rig.runToTheEnd();

                assertThat(rig.pagerDuty.journal()).as("no second attempt").hasSize(2);
                assertThat(rig.pagerDuty.incidents()).as("the other page").hasSize(1);
                assertThat(rig.kafka.history().stream()
                                .filter(each -> each.topic().endsWith("dead-letters")))
                        .hasSize(1);
                assertThat(rig.chat).anyMatch(text -> text.startsWith(Notices.NAME));
            }
        }
    }

    @Test
    void n4_receiverThatHangs_delaysNoOther() throws Exception {
        pagerDuty.script(new Fault.Hang(), 1);
        Lane hung = bench.lane("oncall", pages(KEY));
        bench.give(hung, Alerts.firing("a"));
        Thread waits = new Thread(() -> {
            try {
                hung.step();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waits.start();
        org.awaitility.Awaitility.await().until(() -> !pagerDuty.journal().isEmpty());
        try (Bench other = new Bench()) {
            Lane lane = other.lane("team", bot());
            other.give(lane, Alerts.firing("a"));
            other.run(lane, 3);
        }
        assertThat(slack.channel()).hasSize(1);
        assertThat(waits.isAlive()).isTrue();
        pagerDuty.release();
        waits.join();
        bench.run(hung, 10);
        assertThat(pagerDuty.incidents()).hasSize(1);
    }

    @Test
    void n8_answersThatAreLost_stayOneIncident() throws Exception {
        pagerDuty.script(new Fault.Lost(), 3);
        tell("oncall", pages(KEY), Alerts.firing("a"), Alerts.resolved("a"));

        assertThat(pagerDuty.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.triggers()).isEqualTo(4);
            assertThat(incident.status()).isEqualTo(Status.RESOLVED);
        });
        assertThat(pagerDuty.journal())
                .extracting(
                        exchange -> exchange.body().contains(Alerts.firing("a").episode()))
                .containsOnly(true);
    }

    @Test
    void n9_triggerAfterAnothersResolve_isNotSent() throws Exception {
        Lane first = bench.lane("oncall", pages(KEY));
        bench.give(first, Alerts.firing("a"));
        // Another sink took over, told both, and its log says so.
        try (Bench other = new Bench()) {
            Lane lane = other.lane("oncall", pages(KEY));
            other.give(lane, Alerts.firing("a"));
            other.give(lane, Alerts.resolved("a"));
            other.run(lane, 10);
            other.deliveries.history().forEach(bench.deliveries::send);
        }
        bench.log.catchUp();
        bench.run(first, 10);

        assertThat(pagerDuty.journal()).hasSize(2);
        assertThat(pagerDuty.incidents()).singleElement().matches(incident -> incident.status() == Status.RESOLVED);
    }

    @Test
    void n10_slacksErrors_areFinalOrNot_asSlackMeansThem() throws Exception {
        slack.script(Fault.status(410, "channel_is_archived"), 1)
                .script(Fault.status(400, "invalid_payload"), 1)
                .script(Fault.status(404, "no_team"), 1)
                .script(Fault.status(404, "no_service"), 1)
                .script(Fault.status(200, "not ok"), 1)
                .script(Fault.status(200, "{\"ok\":false,\"error\":\"action_prohibited\"}"), 1)
                .script(Fault.status(500, "rollup_error"), 3);
        Alert[] alerts = Stream.iterate(0, i -> i + 1)
                .limit(7)
                .map(i -> Alerts.firing("service-" + i))
                .toArray(Alert[]::new);
        tell("team", new SlackSettings(Endpoint.of(slack.url()), false), alerts);

        assertThat(bench.producer.history()).as("refused for good").hasSize(6);
        assertThat(slack.messages()).as("told after its errors").hasSize(1);
        assertThat(bench.books.failures("team", "serverError")).isEqualTo(3);
    }

    @Test
    void n10_messageThatIsGone_isPostedAnewOnce() throws Exception {
        Lane lane = tell("team", bot(), Alerts.firing("a"));
        slack.delete(slack.channel().get(0).ts());
        bench.give(lane, Alerts.resolved("a"));
        bench.run(lane, 10);

        assertThat(slack.channel())
                .singleElement()
                .satisfies(message -> assertThat(message.text()).startsWith("PAGE RESOLVED"));
        assertThat(slack.journal()).hasSize(3);
    }

    @Test
    void n11_monstrousTexts_areCutBetweenCharacters_andAlwaysTaken() throws Exception {
        List<String> monsters = List.of(
                "x".repeat(1_025),
                "😀".repeat(1_000),
                "\u202Eلا تقلق".repeat(500),
                "lone \uD83D and \uDE00 ".repeat(200),
                "<@U1> & `code` ".repeat(400),
                "line\n".repeat(2_000));
        try (Bench other = new Bench()) {
            Lane chat = other.lane("team", bot());
            Lane oncall = bench.lane("oncall", pages(KEY));
            for (String monster : monsters) {
                Alert alert = Alerts.alert(
                                monster,
                                State.FIRING,
                                Tier.PAGE,
                                Map.of("summary", monster, "runbook_url", "https://x/" + monster))
                        .withReason(monster);
                bench.give(oncall, alert);
                other.give(chat, alert);
            }
            bench.run(oncall, 100);
            other.clock.advance(Duration.ofHours(1));
            bench.clock.advance(Duration.ofHours(1));
            runBoth(other, chat);
        }
        assertThat(bench.producer.history()).isEmpty();
        assertThat(pagerDuty.incidents()).hasSize(monsters.size()).allSatisfy(incident -> {
            assertThat(incident.summary().length()).isBetween(1, 1_024);
            assertThat(incident.summary().codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF))
                    .isTrue();
        });
        assertThat(pagerDuty.incidents().get(0).summary()).endsWith("…");
        assertThat(slack.channel()).hasSize(monsters.size());
    }

    /** The fake goes by the first bench's clock. */
    private void runBoth(Bench other, Lane lane) throws InterruptedException {
        for (int i = 0; i < 100 && lane.queued() > 0; i++) {
            Duration pause = lane.step();
            other.clock.advance(pause);
            bench.clock.advance(pause);
        }
        assertThat(other.producer.history()).isEmpty();
    }
}
