// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Muted;
import io.conjunct.engine.Recording.Outcome;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Mutes and silences: the evaluation goes on, what begins in them is told when they end, and what ends in them never. */
final class MutesTest {
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));
    private static final String HOURS =
            "  mutes:\n  - {name: reindex, owner: docs, reason: it slows reads, expires: 2030-12-31, hours: {from: 09:05, to: 09:20, zone: UTC}}\n";

    /** One rule on a metric; the recordings begin at 09:00 UTC. */
    private static RuleSet rules(String mutes, String keys) {
        return RuleText.load("""
                groups:
                - name: g
                  owner: team
                  signals:
                    level: {measure: last(value), of: metric level, over: 30s, by: [region]}
                %s  rules:
                  - alert: High
                    when: level > 5
                    for: 20s
                    labels: {team: a}
                    tier: page
                    single_signal: because it is a test
                    annotations: {summary: "high", runbook_url: "https://runbooks.example.com/high"}
                %s""".formatted(mutes, keys));
    }

    /** The level of a region every ten seconds: 9 in these minutes, otherwise 1. */
    private static Recording high(Recording recording, String region, int from, int to, int until) {
        for (int second = 0; second < until * 60; second += 10) {
            boolean high = second >= from * 60 && second < to * 60;
            recording.metric(ofSeconds(second), "s", "level", Map.of("region", region), high ? 9 : 1);
        }
        return recording;
    }

    /** {@code 380s firing, muted by reindex}. */
    private static List<String> story(Outcome outcome) {
        return outcome.alerts.stream()
                .map(a -> (a.atMillis() - Recording.START) / 1000 + "s "
                        + a.labels().get("region") + " " + a.state().word()
                        + a.muted().map(m -> ", muted by " + m.by()).orElse(""))
                .toList();
    }

    @Test
    void alertThatOutlastsItsMute_isToldWhenItEnds_withItsOwnStart() {
        Outcome outcome = high(new Recording(), "eu", 6, 30, 35).play(TENS, rules(HOURS, ""));
        assertThat(story(outcome))
                .containsExactly(
                        "370s eu pending, muted by reindex",
                        "390s eu firing, muted by reindex",
                        "1200s eu firing",
                        "1810s eu resolved");
        Alert muted = outcome.alerts.get(1);
        Alert told = outcome.alerts.get(2);
        assertThat(muted.muted())
                .contains(new Muted(
                        "reindex",
                        "docs",
                        "it slows reads",
                        Instant.parse("2025-10-09T09:20:00Z").toEpochMilli()));
        assertThat(told.startsAtMillis()).isEqualTo(muted.startsAtMillis());
        assertThat(told.episode()).isEqualTo(muted.episode());
        assertThat(told.legs().get(0).value()).isEqualTo(9);
    }

    @Test
    void alertThatEndsInItsMute_isNeverTold() {
        Outcome outcome = high(new Recording(), "eu", 6, 10, 30).play(TENS, rules(HOURS, ""));
        assertThat(story(outcome))
                .containsExactly(
                        "370s eu pending, muted by reindex",
                        "390s eu firing, muted by reindex",
                        "610s eu resolved, muted by reindex");
    }

    @Test
    void alertThatHadBeenTold_isResolvedAloud() {
        Outcome outcome = high(new Recording(), "eu", 2, 10, 30).play(TENS, rules(HOURS, ""));
        assertThat(story(outcome)).containsExactly("130s eu pending", "150s eu firing", "610s eu resolved");
    }

    @Test
    void mute_changesNothingButWhoIsTold() {
        Recording recording = high(high(new Recording(), "eu", 6, 30, 40), "us", 2, 8, 40);
        Outcome muted = recording.play(TENS, rules(HOURS, ""));
        Outcome plain = recording.play(TENS, rules("", ""));
        assertThat(muted.ticks).isEqualTo(plain.ticks);
        assertThat(muted.alerts.stream()
                        .filter(a -> a.atMillis() != Recording.START + 1_200_000)
                        .map(a -> AlertJson.write(a.withMuted(Optional.empty()))))
                .containsExactlyElementsOf(plain.log());
    }

    @Test
    void silence_isAboutLabelsThatAreThere() {
        String silence =
                "silences:\n- {name: move, owner: docs, reason: eu is being emptied, expires: 2030-12-31, labels: {region: %s}}\n";
        Recording recording = high(high(new Recording(), "eu", 2, 8, 12), "us", 2, 8, 12);
        assertThat(story(recording.play(TENS, rules("", silence.formatted("eu")))))
                .contains("150s eu firing, muted by move", "150s us firing");
        assertThat(story(recording.play(TENS, rules("", silence.formatted("{not: eu}")))))
                .contains("150s eu firing", "150s us firing, muted by move");
        assertThat(story(recording.play(
                        TENS, rules("", silence.formatted("eu").replace("region: eu", "zone: {not: a}")))))
                .contains("150s eu firing", "150s us firing");
    }

    @Test
    void expiredMute_mutesNothing() {
        String expired = HOURS.replace("2030-12-31", "2025-10-08");
        assertThat(story(high(new Recording(), "eu", 6, 10, 15).play(TENS, rules(expired, ""))))
                .containsExactly("370s eu pending", "390s eu firing", "610s eu resolved");
    }

    @Test
    void evidenceLostInAMute_isToldWhenItEnds() {
        Outcome outcome = high(new Recording(), "eu", 2, 7, 7)
                .until(ofMinutes(40))
                .play(TENS, rules(HOURS, "    stale_after: 5m\n"));
        assertThat(outcome.alerts)
                .extracting(a -> (a.atMillis() - Recording.START) / 1000 + " " + a.name() + " "
                        + a.state().word() + a.muted().map(m -> " muted").orElse(""))
                .containsExactly(
                        "130 High pending",
                        "150 High firing",
                        "740 High:EvidenceLost firing muted",
                        "1200 High:EvidenceLost firing");
    }

    @Test
    void removedMute_tellsAtOnce_andARemovedRuleEndsInSilence() {
        Recording recording = high(new Recording(), "eu", 6, 30, 40);
        Map<Long, RuleSet> changes = new TreeMap<>(Map.of(
                Recording.START, named("r1", rules(HOURS, "")), Recording.START + 600_000, named("r2", rules("", ""))));
        assertThat(story(Restarts.play(TENS, changes, recording, 1, true)))
                .containsExactly(
                        "370s eu pending, muted by reindex",
                        "390s eu firing, muted by reindex",
                        "610s eu firing",
                        "1810s eu resolved");
        changes.put(Recording.START + 600_000, named("r2", new RuleSet("", List.of())));
        assertThat(story(Restarts.play(TENS, changes, recording, 1, true)))
                .containsExactly(
                        "370s eu pending, muted by reindex",
                        "390s eu firing, muted by reindex",
                        "600s eu resolved, muted by reindex");
    }

    @Test
    void mutes_areTheSameThroughDisorderAndRestarts() {
        Restarts.assertNoDifference(
                TENS, rules(HOURS, ""), high(high(new Recording(), "eu", 6, 30, 40), "us", 2, 8, 40));
    }

    @Test
    void replay_isTheSameInEveryTimeZoneOfTheMachine() {
        RuleSet berlin =
                rules(HOURS.replace("09:05", "11:05").replace("09:20", "11:20").replace("UTC", "Europe/Berlin"), "");
        Recording recording = high(new Recording(), "eu", 6, 30, 35);
        TimeZone before = TimeZone.getDefault();
        List<String> inUtc = recording.play(TENS, berlin).log();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
            assertThat(recording.play(TENS, berlin).log()).isEqualTo(inUtc);
        } finally {
            TimeZone.setDefault(before);
        }
        assertThat(inUtc).anyMatch(line -> line.contains("\"muted\":{\"by\":\"reindex\""));
    }

    @Test
    void muted_isInTheRecordAndReadBack() throws IOException {
        Outcome outcome = high(new Recording(), "eu", 6, 10, 15).play(TENS, rules(HOURS, ""));
        for (Alert alert : outcome.alerts) {
            assertThat(AlertJson.read(AlertJson.write(alert))).isEqualTo(alert);
        }
        assertThat(AlertJson.write(outcome.alerts.get(0)))
                .contains("\"state\":\"pending\"")
                .endsWith("\"muted\":{\"by\":\"reindex\",\"owner\":\"docs\",\"reason\":\"it slows reads\","
                        + "\"until\":\"2025-10-09T09:20:00Z\"}}");
    }

    @Test
    void shadow_isDecidedAndMarked() {
        Recording recording = high(new Recording(), "eu", 2, 8, 12);
        Outcome live = recording.play(TENS, rules("", ""));
        Outcome shadow = recording.play(TENS, rules("", "    status: shadow\n"));
        assertThat(shadow.alerts).isNotEmpty().allMatch(Alert::shadow);
        assertThat(shadow.story()).isEqualTo(live.story());
        assertThat(shadow.ticks).isEqualTo(live.ticks);
    }

    private static RuleSet named(String revision, RuleSet rules) {
        return new RuleSet(revision, rules.groups());
    }

    static {
        assertThat(Duration.ofMillis(Recording.START % 86_400_000)).isEqualTo(Duration.ofHours(9));
    }
}
