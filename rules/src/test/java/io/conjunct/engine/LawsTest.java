// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Tier;
import io.conjunct.engine.GroupTick.Sample;
import io.conjunct.engine.Recording.Outcome;
import io.conjunct.rule.RuleSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The laws of evaluation (rule-language.md), each through the whole engine. */
final class LawsTest {
    private static final EngineSettings SECONDS = EngineSettings.of(ofSeconds(1));
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));
    private static final Map<String, String> NOTHING = Map.of();

    private static final String TWO_EVENTS = """
            x: {measure: count, of: event x, over: 1s}
            y: {measure: count, of: event y, over: 1s}
            """;

    private static Recording two(long xMillis, long yMillis) {
        return new Recording()
                .event(ofMillis(xMillis), "s", "x", NOTHING)
                .event(ofMillis(yMillis), "s", "y", NOTHING)
                .until(ofMinutes(20));
    }

    // Law 1

    @Test
    void unknownLeg_whateverTheOther_neverFires() {
        RuleSet rules = RuleText.rule("""
                slow: {measure: p99(duration), of: span, over: 1m}
                load: {measure: count, of: event x, over: 1m}
                """, "when: slow > 1ms AND load >= 1");
        Recording recording = new Recording().until(ofMinutes(5));
        for (int i = 0; i < 290; i++) {
            // One sample short of what a p99 needs in any minute.
            recording.span(ofMillis(60_000 + i * 100L), "s", "op", NOTHING, ofSeconds(3));
        }
        recording.event(ofSeconds(70), "s", "x", NOTHING);
        assertThat(recording.play(TENS, rules).alerts).isEmpty();
    }

    @Test
    void unknownLeg_inOrWithATrueOne_fires() {
        RuleSet rules = RuleText.rule("""
                slow: {measure: p99(duration), of: span, over: 1m}
                load: {measure: count, of: event x, over: 1m}
                """, "when: slow > 1ms OR load >= 1");
        assertThat(new Recording()
                        .event(ofSeconds(65), "s", "x", NOTHING)
                        .until(ofMinutes(5))
                        .play(TENS, rules)
                        .story())
                .containsExactly("70s Test{} firing");
    }

    // Law 2

    @Test
    void count_overAWarmEmptyWindow_isZero() {
        RuleSet rules = RuleText.rule("seen: {measure: count, of: event x, over: 1m}", "when: seen = 0");
        Outcome outcome = new Recording().until(ofMinutes(3)).play(TENS, rules);
        // Not before the window has been watched for its whole length.
        assertThat(outcome.story()).containsExactly("60s Test{} firing");
    }

    @Test
    void count_overAColdWindow_tellsOnlyWhatCanNotChange() {
        RuleSet rules = RuleText.rule("seen: {measure: count, of: event x, over: 10m}", "when: seen >= 2");
        Outcome outcome = new Recording()
                .event(ofSeconds(5), "s", "x", NOTHING)
                .event(ofSeconds(35), "s", "x", NOTHING)
                .until(ofMinutes(12))
                .play(TENS, rules);
        assertThat(outcome.story()).containsExactly("40s Test{} firing", "610s Test{} resolved");
    }

    @Test
    void absence_ofOneOfManyKeys_firesForThatKey() {
        RuleSet rules = RuleText.rule("seen: {measure: count, of: event beat, over: 1m, by: [host]}", "when: seen = 0");
        Recording recording = new Recording().until(ofMinutes(6));
        for (int i = 0; i < 36; i++) {
            recording.event(ofSeconds(i * 10L), "s", "beat", Map.of("host", "a"));
            if (i < 12) {
                recording.event(ofSeconds(i * 10L), "s", "beat", Map.of("host", "b"));
            }
        }
        assertThat(recording.play(TENS, rules).story()).containsExactly("180s Test{host=b} firing");
    }

    @Test
    void missingValue_withANumberInItsPlace_isThatNumber() {
        RuleSet rules = RuleText.rule(
                "lag: {measure: max(value), of: metric lag, unit: s, over: 1m, on_missing: 99s}", "when: lag > 10s");
        assertThat(new Recording().until(ofMinutes(2)).play(TENS, rules).story())
                .containsExactly("10s Test{} firing");
    }

    @Test
    void missingValue_held_isTheLastOneForTheStatedTime() {
        RuleSet rules = RuleText.rule(
                "lag: {measure: max(value), of: metric lag, unit: s, over: 10s, on_missing: hold 1m}",
                "when: lag > 10s");
        Outcome outcome = new Recording()
                .metric(ofSeconds(25), "s", "lag", NOTHING, 20)
                .until(ofMinutes(3))
                .play(TENS, rules);
        List<Long> known = outcome.ticks.stream()
                .filter(t -> t.samples().stream().map(Sample::value).anyMatch(v -> v == 20.0))
                .map(t -> (t.atMillis() - Recording.START) / 1000)
                .toList();
        assertThat(known).containsExactly(30L, 40L, 50L, 60L, 70L, 80L, 90L);
    }

    // Law 3

    @Test
    void ratio_ofOneInOne_neverPages() {
        RuleSet rules = faults("min_samples: 1");
        assertThat(new Recording()
                        .span(ofSeconds(5), "s", "op", Map.of("status", "error"), ofMillis(1))
                        .until(ofMinutes(3))
                        .play(TENS, rules)
                        .alerts)
                .isEmpty();
    }

    @Test
    void ratio_ofTwentyInAThousand_firesAgainstOnePercent() {
        Outcome outcome = requests(1000, 20).play(TENS, faults("min_samples: 50"));
        assertThat(outcome.story().get(0)).endsWith("Test{} firing");
        assertThat(requests(1000, 14).play(TENS, faults("min_samples: 50")).alerts)
                .as("14 in 1,000 is not surely above 1 %")
                .isEmpty();
    }

    @Test
    void ratioAlert_showsHowManyEventsItRestsOn() {
        Alert alert = requests(1000, 20)
                .play(TENS, faults("min_samples: 1000"))
                .alerts
                .get(0);
        assertThat(alert.legs().get(0).n()).isEqualTo(1000);
        assertThat(alert.legs().get(0).value()).isEqualTo(0.02);
        assertThat(alert.legs().get(0).threshold()).isEqualTo(0.01);
        assertThat(alert.exemplars()).isNotEmpty();
    }

    private static RuleSet faults(String more) {
        return RuleText.rule(
                "faults: {measure: ratio(status = \"error\"), of: span, over: 1m, " + more + "}", "when: faults > 1%");
    }

    private static Recording requests(int n, int errors) {
        Recording recording = new Recording().until(ofMinutes(3));
        for (int i = 0; i < n; i++) {
            String status = i % (n / errors) == 0 && i / (n / errors) < errors ? "error" : "unset";
            recording.span(ofMillis(i * 50_000L / n), "s", "op", Map.of("status", status), Duration.ofNanos(1_000 + i));
        }
        return recording;
    }

    // Law 4

    @Test
    void within_fourMinutesFiftyNineApart_firesInEitherOrder() {
        RuleSet rules = RuleText.rule(TWO_EVENTS, "when: x >= 1 AND y >= 1\nwithin: 5m");
        assertThat(two(10_500, 10_500 + 299_000).play(SECONDS, rules).story().get(0))
                .isEqualTo("310s Test{} firing");
        assertThat(two(10_500 + 299_000, 10_500).play(SECONDS, rules).story().get(0))
                .isEqualTo("310s Test{} firing");
    }

    @Test
    void within_fiveMinutesOneApart_doesNotFire() {
        RuleSet rules = RuleText.rule(TWO_EVENTS, "when: x >= 1 AND y >= 1\nwithin: 5m");
        assertThat(two(10_500, 10_500 + 301_000).play(SECONDS, rules).alerts).isEmpty();
        assertThat(two(10_500 + 301_000, 10_500).play(SECONDS, rules).alerts).isEmpty();
    }

    @Test
    void withoutWithin_onlyTheSameTickCounts() {
        RuleSet rules = RuleText.rule(TWO_EVENTS, "when: x >= 1 AND y >= 1");
        assertThat(two(10_500, 12_500).play(SECONDS, rules).alerts).isEmpty();
        assertThat(two(10_200, 10_900).play(SECONDS, rules).story())
                .containsExactly("11s Test{} firing", "12s Test{} resolved");
    }

    // Law 5

    @Test
    void holdFor_oneFalseTick_startsAnew() {
        RuleSet rules =
                RuleText.rule("level: {measure: max(value), of: metric level, over: 10s}", "when: level > 5\nfor: 1m");
        Recording recording = new Recording().until(ofMinutes(4));
        for (int i = 0; i < 24; i++) {
            recording.metric(ofSeconds(i * 10L + 1), "s", "level", NOTHING, i == 4 ? 1 : 9);
        }
        assertThat(recording.play(TENS, rules).story())
                .containsExactly(
                        "10s Test{} pending", "50s Test{} cancelled", "60s Test{} pending", "120s Test{} firing");
    }

    @Test
    void holdFor_unknownTicks_freezeButDoNotReset() {
        RuleSet rules =
                RuleText.rule("level: {measure: max(value), of: metric level, over: 10s}", "when: level > 5\nfor: 1m");
        Recording recording = new Recording().until(ofMinutes(4));
        for (int i = 0; i < 12; i++) {
            if (i != 4 && i != 5) {
                recording.metric(ofSeconds(i * 10L + 1), "s", "level", NOTHING, 9);
            }
        }
        // Seven true ticks are six steps of ten seconds; two unknown ticks move the end by twenty seconds.
        assertThat(recording.play(TENS, rules).story()).containsExactly("10s Test{} pending", "90s Test{} firing");
    }

    /** S9: above the limit in four of five minutes. */
    private static Recording fourOfFive() {
        Recording recording = new Recording().until(ofMinutes(20));
        for (int i = 0; i < 20; i++) {
            recording.metric(ofMinutes(i).plusSeconds(1), "s", "level", NOTHING, i % 5 == 4 ? 9 : 11);
        }
        return recording;
    }

    @Test
    void tolerate_breachingFourOfFive_firesAtMinuteSix() {
        String level = "level: {measure: max(value), of: metric level, over: 1m}";
        EngineSettings minutes = EngineSettings.of(ofMinutes(1));
        // Evaluated at the end of each minute: the first is at 60 s.
        assertThat(fourOfFive()
                        .play(minutes, RuleText.rule(level, "when: level > 10\nfor: 5m\ntolerate: 1"))
                        .story()
                        .subList(0, 2))
                .containsExactly("60s Test{} pending", "420s Test{} firing");
        assertThat(fourOfFive()
                        .play(minutes, RuleText.rule(level, "when: level > 10\nfor: 5m"))
                        .story())
                .noneMatch(line -> line.endsWith("firing"));
    }

    @Test
    void tolerate_onceMoreThanAllowed_startsAnew() {
        RuleSet rules = RuleText.rule(
                "level: {measure: max(value), of: metric level, over: 10s}", "when: level > 5\nfor: 1m\ntolerate: 2");
        Recording recording = new Recording().until(ofMinutes(4));
        for (int i = 0; i < 24; i++) {
            boolean low = i == 1 || i == 3 || i == 5 || i == 8;
            recording.metric(ofSeconds(i * 10L + 1), "s", "level", NOTHING, low ? 1 : 9);
        }
        assertThat(recording.play(TENS, rules).story())
                .containsExactly(
                        "10s Test{} pending", "60s Test{} cancelled", "70s Test{} pending", "140s Test{} firing");
    }

    @Test
    void tolerate_overRestarts_isTheSame() {
        RuleSet rules = RuleText.rule(
                "level: {measure: max(value), of: metric level, over: 10s}", "when: level > 5\nfor: 2m\ntolerate: 2");
        Random random = new Random(4);
        Recording recording = new Recording().until(ofMinutes(125));
        for (int i = 0; i < 720; i++) {
            recording.metric(ofSeconds(i * 10L + 1), "s", "level", NOTHING, random.nextInt(6) == 0 ? 1 : 9);
        }
        Restarts.assertNoDifference(TENS, rules, recording);
    }

    @Test
    void keepFiringFor_resolvesOnlyAfterTheResolveConditionHeldThatLong() {
        RuleSet rules = RuleText.rule(
                "level: {measure: max(value), of: metric level, over: 10s}",
                "when: level > 5\nuntil: level < 3\nkeep_firing_for: 20s");
        Recording recording = new Recording().until(ofMinutes(2));
        double[] levels = {9, 4, 2, 9, 2, 4, 2, 2, 2, 2};
        for (int i = 0; i < levels.length; i++) {
            recording.metric(ofSeconds(i * 10L + 1), "s", "level", NOTHING, levels[i]);
        }
        assertThat(recording.play(TENS, rules).story()).containsExactly("10s Test{} firing", "90s Test{} resolved");
    }

    // Law 6

    @Test
    void firingAlert_whenItsDataStops_staysAndSaysSoOnce() {
        RuleSet rules = RuleText.rule(
                "level: {measure: max(value), of: metric level, over: 10s}", "when: level > 5\nstale_after: 5m");
        Recording recording = new Recording().until(ofMinutes(70));
        recording.metric(ofSeconds(1), "s", "level", NOTHING, 9);
        recording.metric(ofMinutes(60).plusSeconds(1), "s", "level", NOTHING, 1);
        Outcome outcome = recording.play(TENS, rules);
        assertThat(outcome.story())
                .containsExactly(
                        "10s Test{} firing",
                        "310s Test:EvidenceLost{} firing (evidence lost)",
                        "3610s Test:EvidenceLost{} resolved (evidence lost)",
                        "3610s Test{} resolved");
        assertThat(outcome.alerts.get(1).tier()).isEqualTo(Tier.TICKET);
    }

    // Law 8

    @Test
    void legWithoutSplit_joinsEveryKey_andFewerKeysJoinOnThose() {
        RuleSet rules = RuleText.rule("""
                lag: {measure: max(value), of: metric lag, unit: s, over: 10s, by: [region, host]}
                failed: {measure: count, of: event failed, over: 10s, by: [region]}
                load: {measure: count, of: event load, over: 10s}
                """, "when: lag > 3s AND failed >= 1 AND load >= 1\non: [region, host]");
        Recording recording = new Recording().until(ofMinutes(1));
        for (String region : List.of("eu", "us")) {
            for (String host : List.of("a", "b")) {
                double lag = host.equals("a") ? 9 : 1;
                recording.metric(ofSeconds(11), "db", "lag", Map.of("region", region, "host", host), lag);
            }
        }
        recording.event(ofSeconds(12), "job", "failed", Map.of("region", "eu"));
        recording.event(ofSeconds(13), "job", "failed", NOTHING);
        recording.event(ofSeconds(13), "job", "load", NOTHING);
        assertThat(recording.play(TENS, rules).story().get(0)).isEqualTo("20s Test{host=a, region=eu} firing");
        assertThat(recording.play(TENS, rules).alerts.stream()
                        .map(a -> a.labels().get("host")))
                .containsOnly("a");
    }

    // Law 9

    @Test
    void identity_isRuleAndJoinLabels_andTheKeyNamesTheEpisode() {
        RuleSet rules = RuleText.rule(TWO_EVENTS, "when: x >= 1");
        List<Alert> alerts = new Recording()
                .event(ofSeconds(10), "s", "x", NOTHING)
                .event(ofSeconds(20), "s", "x", NOTHING)
                .until(ofMinutes(1))
                .play(SECONDS, rules)
                .alerts;
        assertThat(alerts).hasSize(4);
        assertThat(alerts.stream().map(Alert::identity).distinct()).containsExactly("Test{}");
        assertThat(alerts.get(0).episode())
                .isEqualTo(alerts.get(1).episode())
                .startsWith("v1:")
                .hasSize(67);
        assertThat(alerts.get(2).episode()).isNotEqualTo(alerts.get(0).episode());
    }
}
