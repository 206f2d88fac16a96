// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert.State;
import io.conjunct.alert.LegPages;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each leg would have paged alone, counted live, is what a rule of its own pages on the same stream. */
final class LegsAloneTest {
    private static final EngineSettings TENS = EngineSettings.of(Duration.ofSeconds(10));

    /** The three legs of the case study's rule about replication, with the baseline made a number. */
    private static final String RULES = """
            groups:
            - name: docdb
              owner: link-validation
              signals:
                run_failures:    {measure: count, of: event run.failed, over: 1m}
                run_max:         {measure: max(duration), of: span, where: {service.name: validator}, over: 1m, by: [cloud.region]}
                replication_lag: {measure: max(value), of: metric docdb.replication.lag, unit: s, over: 1m, by: [cloud.region]}
              rules:
              - alert: All
                when: replication_lag > 3s AND (run_max > 130ms OR NOT run_failures < 1)
                on: [cloud.region]
                within: 3m
                for: 30s
                tier: page
                annotations: {summary: s, runbook_url: "https://example.com/r"}
            """;

    private static String alone(String name, String when, String on) {
        return """
              - alert: %s
                when: %s
            %s    within: 3m
                for: 30s
                tier: ticket
                annotations: {summary: s}
            """.formatted(name, when, on);
    }

    private static RuleSet rules(String text) {
        var loaded = RuleLoader.load(List.of(new RuleSource("docdb.yaml", text)), "r1");
        return loaded.ruleSet().orElseThrow(() -> new AssertionError(loaded.diagnostics()));
    }

    /** A day of two regions, each signal going above its threshold now and then, by itself or with another. */
    private static Recording stream(long seed) {
        Random random = new Random(seed);
        Recording recording = new Recording();
        Map<String, Integer> lag = new HashMap<>();
        Map<String, Integer> slow = new HashMap<>();
        for (int i = 0; i < 1_440; i++) {
            Duration at = Duration.ofMinutes(2).plusSeconds(i * 60L);
            for (String region : List.of("eu", "us")) {
                Map<String, String> labels = Map.of("cloud.region", region);
                lag.merge(
                        region,
                        random.nextInt(60) == 0 ? random.nextInt(9) : -1,
                        (a, b) -> Math.max(a + (b < 0 ? -1 : b), 0));
                slow.merge(
                        region,
                        random.nextInt(80) == 0 ? random.nextInt(9) : -1,
                        (a, b) -> Math.max(a + (b < 0 ? -1 : b), 0));
                if (random.nextInt(20) != 0) {
                    recording.metric(
                            at, "docdb", "docdb.replication.lag", labels, lag.getOrDefault(region, 0) > 0 ? 9 : 1);
                }
                recording.span(
                        at,
                        "validator",
                        "run-task",
                        labels,
                        Duration.ofMillis(slow.getOrDefault(region, 0) > 0 ? 200 : 100));
            }
            if (random.nextInt(150) == 0) {
                recording.event(at, "validator", "run.failed", Map.of());
            }
        }
        return recording;
    }

    private static Recording.Outcome play(Recording recording, String rules) {
        return recording.play(TENS, rules(rules), 1, new Random(1), Duration.ZERO, Duration.ofSeconds(10));
    }

    private static Map<String, Integer> live(Recording recording) {
        Map<String, LegPages> days = new HashMap<>();
        play(recording, RULES).legs.forEach(day -> days.put(day.key(), day));
        Map<String, Integer> pages = new HashMap<>();
        days.values().forEach(day -> day.legs().forEach(leg -> pages.merge(leg.text(), leg.pages(), Integer::sum)));
        return pages;
    }

    private static long pages(Recording.Outcome outcome, String rule) {
        return outcome.alerts.stream()
                .filter(alert -> alert.state() == State.FIRING && alert.name().equals(rule))
                .count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void legs_countedLive_areThreeRulesDeployedAlone(long seed) {
        Recording recording = stream(seed);
        String keyed = "    on: [cloud.region]\n";
        Recording.Outcome deployed = play(
                recording,
                RULES
                        + alone("Lag", "replication_lag > 3s", keyed)
                        + alone("Slow", "run_max > 130ms", keyed)
                        + alone("Failed", "NOT run_failures < 1", ""));
        Map<String, Integer> live = live(recording);

        assertThat(live.get("replication_lag > 3s"))
                .isEqualTo((int) pages(deployed, "Lag"))
                .isGreaterThan(5);
        assertThat(live.get("run_max > 130ms"))
                .isEqualTo((int) pages(deployed, "Slow"))
                .isGreaterThan(5);
        assertThat(live.get("NOT run_failures < 1"))
                .isEqualTo((int) pages(deployed, "Failed"))
                .isGreaterThan(5);
        assertThat(pages(deployed, "All")).isBetween(1L, pages(deployed, "Lag") - 1);
    }

    @Test
    void counts_areTheSameInEveryReplay() {
        assertThat(live(stream(4))).isNotEmpty().isEqualTo(live(stream(4)));
    }
}
