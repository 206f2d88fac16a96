// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.Recording.Outcome;
import io.conjunct.rule.RuleSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SLO alerts through the whole engine (S28): both windows needed, and the page stops within the short one. */
final class BurnTest {
    private static final EngineSettings MINUTES = EngineSettings.of(ofMinutes(1));

    private static RuleSet rules(String objective) {
        return RuleText.load("""
                groups:
                - name: g
                  owner: team
                  signals:
                    faults: {measure: ratio(status = "error"), of: span, over: 5m}
                  slos:
                    reads:
                      signal: faults
                      objective: OBJECTIVE
                      annotations: {summary: Reads fail, runbook_url: "https://runbooks.example.com/reads"}
                  rules: []
                """.replace("OBJECTIVE", objective));
    }

    /** Twenty requests a minute, of which so many fail from one minute to another. */
    private static Recording requests(int minutes, int from, int to, int bad) {
        Recording recording = new Recording();
        for (int minute = 0; minute < minutes; minute++) {
            for (int i = 0; i < 20; i++) {
                String status = minute >= from && minute < to && i < bad ? "error" : "unset";
                recording.span(
                        ofSeconds(minute * 60L + i * 3L),
                        "api",
                        "read",
                        Map.of("status", status),
                        Duration.ofNanos(1_000_000L + minute * 20L + i));
            }
        }
        return recording;
    }

    private static List<String> story(Outcome outcome) {
        return outcome.alerts.stream()
                .map(a -> (a.atMillis() - Recording.START) / 60_000 + "m " + a.name() + " "
                        + a.state().word())
                .toList();
    }

    @Test
    void fastBurn_pages_andStopsWithinTheShortWindow() {
        // Two hours of good traffic, ten minutes of half bad, then good again.
        Outcome outcome = requests(180, 120, 130, 10).play(MINUTES, rules("99.9%"));
        List<String> pages = story(outcome).stream()
                .filter(line -> line.contains("fast_burn"))
                .toList();
        assertThat(pages).hasSize(2);
        assertThat(pages.get(0)).startsWith("12").endsWith("reads.fast_burn firing");
        // 14.4 over 1 h / 5 m is over five minutes after the errors; 6 over 6 h / 30 m holds the page until 30 minutes.
        int resolved = minuteOf(pages, "resolved");
        assertThat(resolved).isBetween(131, 160);
    }

    @Test
    void longWindowAlone_doesNotPage() {
        // The hour before is bad throughout, yet at the start of the engine's watch it is over already.
        RuleSet rules = RuleText.load("""
                groups:
                - name: g
                  owner: team
                  signals:
                    hour: {measure: ratio(status = "error"), of: span, over: 1h}
                    now: {measure: ratio(status = "error"), of: span, over: 5m}
                  slos:
                    reads: {signal: now, objective: 99%, alerts: []}
                  rules:
                  - {alert: Long, when: "burn(hour, reads) > 14.4", tier: annotate}
                  - {alert: Both, when: "burn(hour, reads) > 14.4 AND burn(now, reads) > 14.4", tier: annotate}
                """);
        List<String> story = story(requests(120, 20, 50, 20).play(MINUTES, rules));
        assertThat(story.stream().filter(line -> line.contains("Both"))).hasSize(2);
        int both = minuteOf(story, "Both resolved");
        int alone = minuteOf(story, "Long resolved");
        assertThat(both).isBetween(51, 55);
        assertThat(alone).isGreaterThan(80);
    }

    private static int minuteOf(List<String> story, String what) {
        return story.stream()
                .filter(line -> line.endsWith(what))
                .map(line -> Integer.parseInt(line.substring(0, line.indexOf('m'))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void burn_isAsHonestAboutSmallNumbersAsARatio() {
        RuleSet rules = RuleText.load("""
                groups:
                - name: g
                  owner: team
                  signals:
                    now: {measure: ratio(status = "error"), of: span, over: 5m, min_samples: 1}
                  slos:
                    reads: {signal: now, objective: 99%, alerts: []}
                  rules:
                  - {alert: Burn, when: "burn(now, reads) > 14.4", tier: annotate}
                """);
        Recording one = new Recording()
                .span(ofMillis(10), "api", "read", Map.of("status", "error"), ofMillis(1))
                .until(ofMinutes(5));
        assertThat(one.play(MINUTES, rules).alerts).as("1 of 1").isEmpty();
        Outcome many = requests(10, 0, 10, 10).play(MINUTES, rules);
        assertThat(many.alerts).isNotEmpty();
        assertThat(many.alerts.get(0).legs().get(0).value()).isEqualTo(50.0);
        assertThat(many.alerts.get(0).legs().get(0).threshold()).isEqualTo(14.4);
        assertThat(many.alerts.get(0).legs().get(0).unit()).isEmpty();
    }

    @Test
    void slowBurn_opensATicket() {
        // Half a percent bad for a day against a budget of a tenth: five times as fast as allowed.
        Recording recording = new Recording();
        for (int minute = 0; minute < 24 * 60; minute++) {
            for (int i = 0; i < 4; i++) {
                String status = minute % 25 == 0 && i < 2 ? "error" : "unset";
                recording.span(ofSeconds(minute * 60L + i), "api", "read", Map.of("status", status), ofMillis(1 + i));
            }
        }
        List<String> story = story(recording.play(EngineSettings.of(ofMinutes(5)), rules("99.9%")));
        assertThat(story.stream().filter(line -> line.contains("slow_burn")).findFirst())
                .hasValueSatisfying(line -> assertThat(line).endsWith("firing"));
    }

    @Test
    void restartsAndDisorder_changeNothing() {
        Recording recording = requests(70, 20, 30, 20).until(ofMinutes(75));
        for (int i = 0; i < 6; i++) {
            recording.span(ofMinutes(61 + i), "api", "read", Map.of("status", "error"), ofMillis(5));
        }
        RuleSet rules = RuleText.load("""
                groups:
                - name: g
                  owner: team
                  signals:
                    a: {measure: ratio(status = "error"), of: span, over: 5m}
                    b: {measure: ratio(status = "error"), of: span, over: 1m, min_samples: 5}
                  slos:
                    reads: {signal: a, objective: 99%, alerts: []}
                  rules:
                  - {alert: A, when: "burn(a, reads) > 14.4", for: 1m, tier: annotate}
                  - {alert: B, when: "2 * burn(b, reads) > 5", tier: annotate}
                """);
        Restarts.assertNoDifference(EngineSettings.of(ofSeconds(10)), rules, recording);
    }
}
