// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.rule.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code A THEN B within 10m} through the whole engine. */
final class ThenTest {
    private static final EngineSettings SECONDS = EngineSettings.of(ofSeconds(1));
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));

    private static final String EVENTS = """
            a: {measure: count, of: event a, over: 1s}
            b: {measure: count, of: event b, over: 1s}
            c: {measure: count, of: event c, over: 1s}
            """;
    private static final String LEVELS = """
            a: {measure: max(value), of: metric a, over: 10s}
            b: {measure: max(value), of: metric b, over: 10s}
            """;

    /** What becomes of events at these seconds, named by letters: {@code "a10 b20"}. */
    private static List<String> story(String when, String events) {
        return events(events).play(SECONDS, RuleText.rule(EVENTS, "when: " + when)).story().stream()
                .map(line -> line.replace(" Test{}", ""))
                .toList();
    }

    private static Recording events(String events) {
        Recording recording = new Recording().until(ofMinutes(30));
        for (String event : events.split(" ", -1)) {
            // Half-way in the second, so that its tick ends half a second later.
            recording.event(
                    ofMillis(Long.parseLong(event.substring(1)) * 1_000 + 500), "s", event.substring(0, 1), Map.of());
        }
        return recording;
    }

    @Test
    void secondAfterFirst_fires_andTheOtherOrderDoesNot() {
        assertThat(story("a >= 1 THEN b >= 1 within 10m", "a10 b20")).containsExactly("21s firing", "22s resolved");
        assertThat(story("a >= 1 THEN b >= 1 within 10m", "b10 a20")).isEmpty();
    }

    @Test
    void bothInOneTick_fire() {
        assertThat(story("a >= 1 THEN b >= 1 within 10m", "a10 b10")).containsExactly("11s firing", "12s resolved");
    }

    @Test
    void distance_endsWithWithin() {
        assertThat(story("a >= 1 THEN b >= 1 within 10m", "a10 b609")).containsExactly("610s firing", "611s resolved");
        assertThat(story("a >= 1 THEN b >= 1 within 10m", "a10 b610")).isEmpty();
    }

    /** S25: a pattern fires neither once for ever nor for every pair. */
    @Test
    void firstSecondFirstSecond_firesTwice() {
        assertThat(story("a >= 1 THEN b >= 1 within 10m", "a10 b20 a30 b40"))
                .containsExactly("21s firing", "22s resolved", "41s firing", "42s resolved");
    }

    @Test
    void eachFirst_isUsedOnce() {
        assertThat(story("a >= 1 THEN b >= 1 within 10m", "a10 b20 b30 b40")).hasSize(2);
        assertThat(story("a >= 1 THEN b >= 1 within 10m", "a10 a15 b20 b30")).hasSize(2);
    }

    @Test
    void three_inTheirOrder() {
        String when = "a >= 1 THEN b >= 1 within 1m THEN c >= 1 within 1m";
        assertThat(story(when, "a10 b20 c30")).containsExactly("31s firing", "32s resolved");
        assertThat(story(when, "b10 a20 c30")).isEmpty();
        assertThat(story(when, "a10 c20 b30")).isEmpty();
    }

    @Test
    void sides_areConditions() {
        String when = "(a >= 1 OR c >= 1) THEN (b >= 1 AND NOT a >= 1) within 1m";
        assertThat(story(when, "c10 b20")).hasSize(2);
        assertThat(story(when, "c10 b20 a20")).isEmpty();
    }

    @Test
    void withAnd_theSequenceIsOneTerm() {
        String when = "(a >= 1 THEN b >= 1 within 1m) AND c >= 1";
        assertThat(story(when, "a10 b20 c20")).hasSize(2);
        assertThat(story(when, "a10 b20 c21")).isEmpty();
        assertThat(story(when + "\nwithin: 5s", "a10 b20 c24").get(0)).isEqualTo("25s firing");
        assertThat(story(when + "\nwithin: 5s", "a10 b20 c25")).isEmpty();
    }

    @Test
    void within_doesNotTurnTheOrderRound() {
        assertThat(story("a >= 1 THEN b >= 1 within 1m\nwithin: 30s", "b10 a20"))
                .isEmpty();
    }

    @Test
    void alert_lastsAsLongAsTheSecondHolds() {
        RuleSet rules = RuleText.rule(LEVELS, "when: a > 5 THEN b > 5 within 1m");
        Recording recording = new Recording().metric(ofSeconds(1), "s", "a", Map.of(), 9);
        for (int i = 2; i < 30; i++) {
            recording.metric(ofSeconds(i * 10L + 1), "s", "b", Map.of(), i < 20 ? 9 : 1);
        }
        assertThat(recording.play(TENS, rules).story()).containsExactly("30s Test{} firing", "210s Test{} resolved");
    }

    @Test
    void secondThatHeldBefore_firesWhenTheFirstComes() {
        RuleSet rules = RuleText.rule(LEVELS, "when: a > 5 THEN b > 5 within 1m");
        Recording recording = new Recording().metric(ofSeconds(51), "s", "a", Map.of(), 9);
        for (int i = 0; i < 10; i++) {
            recording.metric(ofSeconds(i * 10L + 1), "s", "b", Map.of(), 9);
        }
        assertThat(recording.play(TENS, rules).story().get(0)).isEqualTo("60s Test{} firing");
    }

    @Test
    void secondUnknownUntilTooLate_isNeverTrue() {
        RuleSet rules = RuleText.rule(LEVELS, "when: a > 5 THEN b > 5 within 1m");
        Recording recording = new Recording().metric(ofSeconds(1), "s", "a", Map.of(), 9);
        for (int i = 0; i < 40; i++) {
            // Whether b was above 5 in the first minute nobody can say.
            if (i >= 10) {
                recording.metric(ofSeconds(i * 10L + 1), "s", "b", Map.of(), 9);
            }
        }
        assertThat(recording.play(TENS, rules).alerts).isEmpty();
    }

    @Test
    void firingSequence_withUnknownSecond_staysAndResolvesOnFreshEvidence() {
        RuleSet rules = RuleText.rule(LEVELS, "when: a > 5 THEN b > 5 within 1m");
        Recording recording = new Recording()
                .metric(ofSeconds(1), "s", "a", Map.of(), 9)
                .metric(ofSeconds(11), "s", "b", Map.of(), 9)
                .metric(ofMinutes(5), "s", "b", Map.of(), 9)
                .metric(ofMinutes(6), "s", "b", Map.of(), 1)
                .until(ofMinutes(10));
        assertThat(recording.play(TENS, rules).story()).containsExactly("20s Test{} firing", "370s Test{} resolved");
    }

    @Test
    void eachKey_hasItsOwnSequence_andForgetsIt() {
        RuleSet rules = RuleText.rule("""
                a: {measure: count, of: event a, over: 1s, by: [host]}
                b: {measure: count, of: event b, over: 1s, by: [host]}
                """, "when: a >= 1 THEN b >= 1 within 1m");
        Recording recording = new Recording().until(ofMinutes(5));
        for (String host : List.of("h1", "h2", "h3")) {
            recording.event(ofMillis(10_500), "s", "a", Map.of("host", host));
        }
        recording.event(ofMillis(20_500), "s", "b", Map.of("host", "h2"));
        recording.event(ofMillis(90_500), "s", "b", Map.of("host", "h1"));
        assertThat(recording.play(SECONDS, rules).story())
                .containsExactly("21s Test{host=h2} firing", "22s Test{host=h2} resolved");
    }

    @Test
    void restartsAndDisorder_changeNothing() {
        RuleSet rules = RuleText.rule(
                """
                a: {measure: count, of: event a, over: 2s, by: [host]}
                b: {measure: count, of: event b, over: 4s, by: [host]}
                c: {measure: max(value), of: metric c, over: 4s}
                """,
                "when: NOT (a >= 2 THEN (b >= 1 OR c > 5) within 30s) AND (a >= 1 THEN b >= 1 within 1m)"
                        + "\nwithin: 4s\nfor: 2s");
        Random random = new Random(8);
        Recording recording = new Recording().until(ofMinutes(65));
        for (int i = 0; i < 3_000; i++) {
            Map<String, String> host = Map.of("host", "h" + random.nextInt(3));
            recording.event(ofSeconds(random.nextInt(3_600)), "s", random.nextBoolean() ? "a" : "b", host);
            recording.metric(ofSeconds(random.nextInt(3_600)), "s", "c", Map.of(), random.nextInt(10));
        }
        Restarts.assertNoDifference(EngineSettings.of(ofSeconds(2)), rules, recording);
    }
}
