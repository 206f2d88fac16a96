// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleText;
import io.conjunct.history.History;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A planted companion is found among thirty signals, and none is made up. */
final class SuggestTest {
    private static final Month MONTH = new Month(1, 20);
    private static final Backtest.Settings MINUTES = Backtest.Settings.of(EngineSettings.of(Duration.ofMinutes(1)), 1);

    @TempDir
    static Path directory;

    private static History history;

    @BeforeAll
    static void writeMonth() throws IOException {
        Path file = directory.resolve("month.events");
        MONTH.write(file);
        history = History.of(List.of(file));
    }

    private static RuleSet rules(String when, int decoys) {
        StringBuilder signals = new StringBuilder();
        String[] measures = {"p50(duration)", "p90(duration)", "max(duration)", "rate", "count", "avg(duration)"};
        for (int i = 0; i < decoys; i++) {
            signals.append("    decoy_%d: {measure: %s, of: span, where: {service.name: shop}, over: %dm}%n"
                    .formatted(i, measures[i % measures.length], 5 + i / measures.length));
        }
        return RuleText.load("""
                groups:
                - name: shop
                  owner: shop-team
                  signals:
                    slow_p95:    {measure: p95(duration), of: span, where: {service.name: shop}, over: 5m}
                    error_ratio: {measure: ratio(status = "error"), of: span, where: {service.name: shop}, over: 5m}
                %s  rules:
                  - alert: Noisy
                    when: %s
                    for: 2m
                    tier: page
                    single_signal: "to be improved"
                    annotations: {summary: "s", runbook_url: "https://runbooks.example.com/s"}
                """.formatted(signals, when));
    }

    private static Suggest.Result suggest(RuleSet rules) throws IOException, InterruptedException {
        return Suggest.of(history, MINUTES, MONTH.incidents, rules, "Noisy")
                .orElseThrow()
                .run(rules, Progress.NONE);
    }

    @Test
    void noisyRule_findsItsCompanionFirst() throws Exception {
        Suggest.Result result = suggest(rules("slow_p95 > 500ms", 28));
        assertThat(result.tried()).isEqualTo(29);
        Suggest.Candidate best = result.candidates().get(0);
        assertThat(best.signal().name()).isEqualTo("error_ratio");
        assertThat(best.first().caught()).isEqualTo(result.first().caught());
        assertThat(best.second().caught()).isEqualTo(result.second().caught());
        assertThat(best.second().precision()).isCloseTo(best.first().precision(), within(0.05));
        assertThat(new SuggestReport(result).lines())
                .contains("  when: slow_p95 > 500ms AND " + best.text())
                .contains("- name: all legs hold, so it fires", "- name: \"slow_p95 > 500ms alone does not page\"");
    }

    @Test
    void ruleWithoutCompanion_isToldThatNoLegHelps() throws Exception {
        Suggest.Result result = suggest(rules("error_ratio > 2%", 3));
        assertThat(result.candidates()).isEmpty();
        assertThat(new SuggestReport(result).lines().get(1)).startsWith("no leg helps");
    }
}
