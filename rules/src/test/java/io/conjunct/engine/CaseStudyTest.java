// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The five alerts of the case study, as written in the documentation, on the traffic they were written for. */
final class CaseStudyTest {
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));
    private static final RuleSet RULES = RuleText.load(file("/read-api.yaml"));

    private static String file(String name) {
        try (InputStream in = Objects.requireNonNull(CaseStudyTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ten reads a second: the server span and the cache look-up behind it. */
    private static Recording reads(Duration length, Read read) {
        Recording recording = new Recording().until(length);
        for (long at = 0; at < length.toMillis(); at += 100) {
            read.at(recording, ofMillis(at), at / 100);
        }
        return recording;
    }

    /** Adds the spans of one read. */
    private interface Read {
        void at(Recording recording, Duration at, long number);
    }

    private static void read(Recording to, Duration at, boolean hit, Duration took, boolean failed) {
        to.span(
                at,
                "read-api",
                "GET /doc",
                Map.of("span.kind", "server", "cache.hit", String.valueOf(hit), "status", failed ? "error" : "unset"),
                took);
        to.span(at, "read-api", "RedisGET", Map.of("cache.hit", String.valueOf(hit)), ofMillis(2));
    }

    private static List<String> delivered(List<Alert> alerts) {
        return alerts.stream()
                .filter(a -> a.state() == State.FIRING || a.state() == State.RESOLVED)
                .map(a -> a.tier().word() + " " + a.identity() + " " + a.state().word())
                .toList();
    }

    @Test
    void coldCache_slowAndMissing_isWeather() {
        Recording cold = reads(
                ofMinutes(70),
                (recording, at, i) -> read(recording, at, i % 4 == 0, ofMillis(i % 4 == 0 ? 1500 : 900), false));
        assertThat(delivered(cold.play(TENS, RULES).alerts)).isEmpty();
    }

    @Test
    void warmCache_slow_pagesOnceAndResolves() {
        Recording slow = reads(ofMinutes(150), (recording, at, i) -> {
            boolean bad = at.toMinutes() >= 10 && at.toMinutes() < 30;
            read(recording, at, i % 20 != 0, ofMillis(bad && i % 20 == 1 ? 1500 : 20), false);
        });
        List<Alert> alerts = slow.play(TENS, RULES).alerts;
        assertThat(delivered(alerts))
                .containsExactly("page ReadApiCachePathSlow{} firing", "page ReadApiCachePathSlow{} resolved");
        Alert page = alerts.get(0);
        assertThat(page.legs()).extracting("text").containsExactly("hit_p99 > 1000ms", "hit_ratio > 80%");
        assertThat(page.legs().get(0).value()).isBetween(1.48, 1.52);
        assertThat(page.exemplars().get(0).durationNanos()).isEqualTo(1_500_000_000L);
        assertThat(page.annotations()).containsEntry("summary", "Cached reads are slow");
    }

    @Test
    void faults_aboveOnePerMille_pageWithTheReasonOfASingleSignal() {
        Recording faulty = reads(
                ofMinutes(30),
                (recording, at, i) -> read(recording, at, true, ofMillis(20), at.toMinutes() >= 10 && i % 100 == 0));
        List<Alert> alerts = faulty.play(TENS, RULES).alerts;
        assertThat(delivered(alerts)).containsExactly("page ReadApiFaults{} firing");
        assertThat(alerts.get(0).reason()).isEqualTo("readers see these errors");
    }

    @Test
    void originPath_slowAndFailing_opensATicket() {
        Recording slow = reads(
                ofMinutes(70),
                (recording, at, i) ->
                        read(recording, at, i % 2 == 0, i % 2 == 0 ? ofMillis(20) : ofSeconds(6), i % 400 == 1));
        assertThat(delivered(slow.play(TENS, RULES).alerts))
                .contains("ticket ReadApiOriginPathSlow{} firing")
                .doesNotContain("page ReadApiCachePathSlow{} firing");
    }

    @Test
    void failedRun_pages() {
        Recording failed = new Recording()
                .event(ofMinutes(5), "validator", "run.failed", Map.of())
                .until(ofMinutes(30));
        assertThat(delivered(failed.play(TENS, RULES).alerts))
                .containsExactly("page DailyJobFailed{} firing", "page DailyJobFailed{} resolved");
    }

    @Test
    void replicationLag_alone_isWeather_withAFailedRunItPagesInItsRegion() {
        Recording lag = new Recording().until(ofMinutes(60));
        for (int i = 0; i < 360; i++) {
            boolean eu = i >= 60 && i < 120;
            lag.metric(ofSeconds(i * 10L), "docdb", "docdb.replication.lag", Map.of("cloud.region", "eu"), eu ? 9 : 1);
            lag.metric(ofSeconds(i * 10L), "docdb", "docdb.replication.lag", Map.of("cloud.region", "us"), 1);
        }
        assertThat(delivered(lag.play(TENS, RULES).alerts)).isEmpty();
        lag.event(ofMinutes(15), "validator", "run.failed", Map.of());
        assertThat(delivered(lag.play(TENS, RULES).alerts))
                .contains("page DocDbReplicationHurtsRuns{cloud.region=eu} firing")
                .doesNotContain("page DocDbReplicationHurtsRuns{cloud.region=us} firing");
    }

    @Test
    void replicationLag_withRunsSlowerThanTheirBaseline_pages() {
        Recording runs = new Recording();
        Duration length = ofDays(4);
        for (long at = 0; at < length.toSeconds(); at += 5) {
            boolean slow = at > length.toSeconds() - 1200;
            runs.span(
                    ofSeconds(at),
                    "validator",
                    "run-task",
                    Map.of("cloud.region", "eu"),
                    ofMillis(slow ? 200 : 100 + at % 7));
            if (at % 60 == 0) {
                runs.metric(
                        ofSeconds(at),
                        "docdb",
                        "docdb.replication.lag",
                        Map.of("cloud.region", "eu"),
                        slow || at == 7200 ? 9 : 1);
            }
        }
        assertThat(delivered(runs.play(TENS, RULES, 1, new Random(1), Duration.ZERO, ofSeconds(10)).alerts))
                .containsExactly("page DocDbReplicationHurtsRuns{cloud.region=eu} firing");
    }
}
