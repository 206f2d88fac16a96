// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.LocalEngine;
import io.conjunct.engine.Recording;
import io.conjunct.engine.Recording.Outcome;
import io.conjunct.engine.RuleText;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.engine.SlowReads;
import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchBuilder;
import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The cases of the conformance suite that a timeline cannot tell: reloads, disorder, idle senders, time zones, limits. */
final class NumberedConformanceTest {
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));
    private static final String LEVEL = "level: {measure: max(value), of: metric level, over: 10s}";
    private static final String OTHER = "other: {measure: max(value), of: metric other, over: 10s}";

    /** Two rules as a file; the first with this condition and summary. */
    private static String rules(String when, String summary) {
        return """
                groups:
                - name: g
                  owner: team
                  signals:
                    %s
                    %s
                  rules:
                  - alert: First
                    when: %s
                    for: 5m
                    tier: ticket
                    annotations: {summary: "%s"}
                  - alert: Second
                    when: other > 5
                    for: 5m
                    tier: ticket
                    annotations: {summary: "second"}
                """.formatted(LEVEL, OTHER, when, summary);
    }

    /** Both metrics are high for ten minutes; after three of them the rules change. */
    private static List<String> reloaded(String after) {
        List<String> story = new ArrayList<>();
        Outcome outcome = new Outcome();
        LocalEngine engine = new LocalEngine(TENS, RuleUpdate.Compiler.YAML, 1, 1, outcome);
        engine.rules(update("r1", 0, rules("level > 5", "first")));
        for (int i = 0; i < 60; i++) {
            if (i == 18) {
                engine.rules(update("r2", 180_000, after));
            }
            engine.batch(0, batch("a", i, Map.of("level", 9.0, "other", 9.0)));
        }
        for (Alert alert : outcome.alerts) {
            story.add((alert.atMillis() - Recording.START) / 1000 + "s " + alert.name() + " "
                    + alert.state().word());
        }
        return story;
    }

    private static RuleUpdate update(String revision, long millis, String yaml) {
        return new RuleUpdate(revision, Recording.START + millis, List.of(new RuleSource("rules.yaml", yaml)));
    }

    /** The batch of one tick: each metric once. */
    private static EventBatch batch(String sidecar, int tick, Map<String, Double> metrics) {
        EventBatchBuilder builder = new EventBatchBuilder(10_000);
        long start = Recording.START + tick * 10_000L;
        metrics.forEach((name, value) -> builder.add(
                builder.series(new Series(Kind.METRIC, "s", name, new TreeMap<>(), List.of(Field.number(Field.VALUE)))),
                start + 1_000,
                value));
        return builder.build(new Header(sidecar, 1, tick + 1L, start + 10_000, start + 10_000, false));
    }

    @Test
    void s11_editedAnnotation_keepsProgressOfFor() {
        assertThat(reloaded(rules("level > 5", "says it better")))
                .containsExactly("10s First pending", "10s Second pending", "310s First firing", "310s Second firing");
    }

    @Test
    void s11_editedCondition_resetsThatRuleOnly() {
        assertThat(reloaded(rules("level > 6", "first")))
                .containsExactly(
                        "10s First pending",
                        "10s Second pending",
                        "180s First cancelled",
                        "190s First pending",
                        "310s Second firing",
                        "490s First firing");
    }

    @Test
    void s11_removedRule_endsItsAlert() {
        String second = rules("level > 5", "first").replaceAll("(?s)  - alert: First.*?(  - alert: Second)", "$1");
        assertThat(reloaded(second))
                .containsExactly(
                        "10s First pending", "10s Second pending", "180s First cancelled", "310s Second firing");
    }

    @Test
    void s12_disorderWithinThePromise_changesNothing() {
        EngineSettings settings = EngineSettings.of(ofSeconds(2));
        Recording recording = SlowReads.recording(5, 20_000, ofMinutes(8));
        List<String> inOrder = recording.play(settings, SlowReads.rules()).log();
        assertThat(inOrder).isNotEmpty();
        for (int seed = 0; seed < 20; seed++) {
            Outcome shuffled = recording.play(
                    settings, SlowReads.rules(), 3, new Random(seed), Duration.ofMillis(2_400), ofSeconds(1));
            assertThat(shuffled.log()).as("seed %d", seed).isEqualTo(inOrder);
        }
    }

    @Test
    void s13_idleSender_delaysAbsenceByTheIdleTimeoutAtMost() {
        RuleSet rules = RuleText.rule("beats: {measure: count, of: event beat, over: 1m}", "when: beats < 1");
        Outcome outcome = new Outcome();
        EngineSettings settings = TENS.withIdleTimeout(ofSeconds(60));
        LocalEngine engine = new LocalEngine(settings, update -> rules, 1, 1, outcome);
        engine.rules(new RuleUpdate("r1", Recording.START, List.of()));
        engine.batch(0, batch("idle", 0, Map.of()));
        int firedAt = -1;
        for (int tick = 0; tick < 60 && firedAt < 0; tick++) {
            engine.batch(0, batch("live", tick, Map.of()));
            firedAt = outcome.alerts.isEmpty() ? -1 : tick;
        }
        assertThat((firedAt + 1) * 10).isBetween(60, 60 + 60 + 20);
        assertThat(outcome.story()).containsExactly("60s Test{} firing");
    }

    @Test
    void s14_timeZoneAndDaylightSaving_changeNothing() {
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
            List<String> utc = overDaylightSaving();
            TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
            assertThat(overDaylightSaving()).isEqualTo(utc).hasSizeGreaterThan(20);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    /** An hourly alert from 9 October to 2 November 2025: clocks go back on 26 October. */
    private static List<String> overDaylightSaving() {
        RuleSet rules = RuleText.rule(
                "level: {measure: max(value), of: metric level, over: 1h}", "when: level > 5\nkeep_firing_for: 2h");
        Recording recording = new Recording().until(ofDays(24));
        for (int hour = 0; hour < 24 * 24; hour++) {
            recording.metric(Duration.ofHours(hour).plusSeconds(1), "s", "level", Map.of(), hour % 12 == 3 ? 9 : 1);
        }
        return recording
                .play(EngineSettings.of(ofMinutes(5)), rules, 1, new Random(1), Duration.ZERO, ofMinutes(5))
                .log();
    }

    @Test
    void s27_moreKeysThanTheLimit_areRefusedAndKnownOnesGoOn() {
        RuleSet rules = RuleText.rule(
                "level: {measure: max(value), of: metric level, over: 10s, by: [host]}", "when: level > 5\non: [host]");
        EngineSettings three =
                new EngineSettings(ofSeconds(10), ofMinutes(1), ofSeconds(30), ofMinutes(60), ofMinutes(60), 3);
        Recording recording = new Recording().until(ofMinutes(2));
        IntStream.range(0, 3).forEach(i -> recording.metric(ofSeconds(1), "s", "level", Map.of("host", "h" + i), 1));
        IntStream.range(0, 30).forEach(i -> recording.metric(ofSeconds(31), "s", "level", Map.of("host", "h" + i), 9));
        assertThat(recording.play(three, rules).alerts.stream().map(Alert::identity))
                .containsExactly("Test{host=h0}", "Test{host=h1}", "Test{host=h2}");
    }

    @Test
    void s31_sameInput_isDecidedTheSameEveryTime() {
        EngineSettings settings = EngineSettings.of(ofSeconds(2));
        Recording recording = SlowReads.recording(5, 5_000, ofMinutes(8));
        List<String> first = recording.play(settings, SlowReads.rules()).log();
        assertThat(first).isNotEmpty();
        for (int time = 2; time <= 100; time++) {
            assertThat(recording.play(settings, SlowReads.rules()).log())
                    .as("time %d", time)
                    .isEqualTo(first);
        }
    }
}
