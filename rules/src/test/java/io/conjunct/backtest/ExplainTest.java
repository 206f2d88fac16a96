// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.GroupTick.AlertState;
import io.conjunct.engine.Recording;
import io.conjunct.engine.Recording.Outcome;
import io.conjunct.engine.RuleText;
import io.conjunct.history.History;
import io.conjunct.history.HistoryWriter;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is explained is what was decided. */
final class ExplainTest {
    private static final EngineSettings TENS = EngineSettings.of(Duration.ofSeconds(10));
    private static final RuleSet RULES = RuleText.load("""
            groups:
            - name: g
              owner: team
              signals:
                slow: {measure: p50(duration), of: span, over: 1m, by: [region]}
                bad:  {measure: ratio(status = "error"), of: span, over: 1m, by: [region], min_samples: 10}
                runs: {measure: count, of: event failed, over: 30s}
              rules:
              - alert: SlowAndBad
                when: slow > 100ms AND bad > 10%
                on: [region]
                for: 40s
                tier: page
                annotations: {summary: "s", runbook_url: "https://runbooks.example.com/s"}
              - alert: SlowNearFailure
                when: slow > 100ms AND runs >= 1
                until: slow < 90ms
                on: [region]
                within: 1m
                tier: ticket
                annotations: {summary: "s", runbook_url: "https://runbooks.example.com/s"}
              - alert: NotSlow
                when: NOT (slow > 100ms OR bad > 10%)
                on: [region]
                tier: ticket
                annotations: {summary: "s", runbook_url: "https://runbooks.example.com/s"}
            """);

    @TempDir
    Path directory;

    private static Recording traffic(Random random, Duration length) {
        Recording recording = new Recording().until(length);
        boolean slow = false;
        boolean bad = false;
        boolean there = true;
        for (int second = 0; second < length.toSeconds(); second++) {
            if (second % 30 == 0) {
                slow = random.nextInt(2) == 0;
                bad = random.nextInt(2) == 0;
                there = random.nextInt(5) > 0;
            }
            for (String region : List.of("eu", "us")) {
                if (there || region.equals("us")) {
                    recording.span(
                            Duration.ofSeconds(second),
                            "shop",
                            "buy",
                            Map.of("region", region, "status", bad && second % 2 == 0 ? "error" : "unset"),
                            Duration.ofMillis(slow == region.equals("eu") ? 200 : 20));
                }
            }
            if (random.nextInt(90) == 0) {
                recording.event(Duration.ofSeconds(second), "shop", "failed", Map.of());
            }
        }
        return recording;
    }

    private History write(Recording recording) throws IOException {
        Path file = directory.resolve("traffic.events");
        try (HistoryWriter writer = HistoryWriter.create(file, 1)) {
            long offset = 0;
            for (Recording.Sent sent : recording.sent(TENS, 1, new Random(1), Duration.ZERO, Duration.ofSeconds(5))) {
                writer.batch(sent.partition(), offset++, sent.batch().encode());
            }
        }
        return History.of(List.of(file));
    }

    /** The state as the log of decisions has it. */
    private static AlertState recorded(Outcome outcome, String rule, String region, long at) {
        AlertState state = AlertState.INACTIVE;
        for (Alert alert : outcome.alerts) {
            if (alert.atMillis() <= at
                    && alert.name().equals(rule)
                    && region.equals(alert.labels().get("region"))) {
                state = switch (alert.state()) {
                    case PENDING -> AlertState.PENDING;
                    case FIRING -> AlertState.FIRING;
                    case CANCELLED, RESOLVED -> AlertState.INACTIVE;
                };
            }
        }
        return state;
    }

    @Test
    void state_atAThousandInstants_isThatOfTheDecisions() throws IOException {
        Duration length = Duration.ofMinutes(9);
        Recording recording = traffic(new Random(5), length);
        Outcome outcome = recording.play(TENS, RULES);
        History history = write(recording);
        Random random = new Random(6);
        Set<AlertState> seen = EnumSet.noneOf(AlertState.class);
        for (int i = 0; i < 1_000; i++) {
            String rule = List.of("SlowAndBad", "SlowNearFailure", "NotSlow").get(random.nextInt(3));
            String region = random.nextBoolean() ? "eu" : "us";
            long at = Recording.START + 120_000 + random.nextInt((int) length.toMillis() - 120_000);
            List<Explanation> explained = Explain.of(history, TENS, RULES, rule)
                    .orElseThrow()
                    .at(at, Map.of("region", region), Progress.NONE);
            AlertState expected = recorded(outcome, rule, region, at / 10_000 * 10_000);
            assertThat(explained).as("%s %s %d", rule, region, at).hasSize(1);
            assertThat(explained.get(0).state().state())
                    .as("%s %s %d: %s", rule, region, at, explained.get(0).lines())
                    .isEqualTo(expected);
            seen.add(expected);
        }
        assertThat(seen).hasSize(3);
    }

    @Test
    void quietRule_isExplainedByTheSmallestChange() throws IOException {
        Recording recording = new Recording().until(Duration.ofMinutes(5));
        for (int i = 0; i < 300; i++) {
            recording.span(
                    Duration.ofSeconds(i),
                    "shop",
                    "buy",
                    Map.of("region", "eu", "status", i % 20 == 0 ? "error" : "unset"),
                    Duration.ofMillis(50));
        }
        List<Explanation> explained = Explain.of(write(recording), TENS, RULES, "SlowAndBad")
                .orElseThrow()
                .at(Recording.START + 200_000, Map.of(), Progress.NONE);
        assertThat(String.join("\n", explained.get(0).lines()))
                .contains("SlowAndBad{region=eu} was inactive")
                .contains("slow would have to be above 100 ms: it is")
                .contains("bad would have to be above 10 %: it is 5 % (3 of 60")
                .contains("of 60 would do");
    }

    @Test
    void mutedRule_isExplainedWithWhatMutesIt() throws IOException {
        RuleSet muted = RuleText.load("""
                groups:
                - name: g
                  owner: team
                  signals:
                    runs: {measure: count, of: event failed, over: 30s, by: [region]}
                  rules:
                  - {alert: Failed, when: runs >= 1, on: [region], tier: annotate, status: shadow}
                  mutes:
                  - {name: rebuild, owner: ada, reason: the index is rebuilt, expires: 2099-06-30, labels: {region: eu}}
                """);
        Recording recording = new Recording().until(Duration.ofMinutes(5));
        for (int i = 0; i < 300; i++) {
            recording.event(Duration.ofSeconds(i), "shop", "failed", Map.of("region", i % 2 == 0 ? "eu" : "us"));
        }
        Explain explain = Explain.of(write(recording), TENS, muted, "Failed").orElseThrow();
        String quiet = String.join(
                "\n",
                explain.at(Recording.START + 200_000, Map.of("region", "eu"), Progress.NONE)
                        .get(0)
                        .lines());
        assertThat(quiet)
                .contains("Failed{region=eu} was firing")
                .contains("tier annotate, shadow: recorded, never delivered")
                .contains("muted by rebuild until 2099-07-01 00:00:00 UTC: the index is rebuilt (ada)");
        assertThat(explain.at(Recording.START + 200_000, Map.of("region", "us"), Progress.NONE)
                        .get(0)
                        .muted())
                .isEmpty();
    }
}
