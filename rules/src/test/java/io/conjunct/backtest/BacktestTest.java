// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.conjunct.backtest.BacktestReport.RuleScore;
import io.conjunct.backtest.Month.Truth;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleText;
import io.conjunct.history.History;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thirty days with twenty incidents: the printed numbers are those the month was made with. */
final class BacktestTest {
    private static final EngineSettings MINUTES = EngineSettings.of(Duration.ofMinutes(1));
    private static final Month MONTH = new Month(20, 20);

    @TempDir
    static Path directory;

    private static History history;
    private static BacktestReport report;
    /** A later revision that is slower to believe in slowness, against the first. */
    private static BacktestReport deaf;

    @BeforeAll
    static void writeMonth() throws Exception {
        Path file = directory.resolve("month.events");
        MONTH.write(file);
        history = History.of(List.of(file));
        report = backtest(RuleText.load(Month.RULES), Optional.empty(), 1);
        deaf = backtest(
                rules(Month.RULES.replace("500ms", "950ms"), "now"), Optional.of(rules(Month.RULES, "before")), 2);
    }

    private static BacktestReport backtest(RuleSet rules, Optional<RuleSet> against, int threads)
            throws IOException, InterruptedException {
        return backtest(rules, against, Backtest.Settings.of(MINUTES, threads));
    }

    private static BacktestReport backtest(RuleSet rules, Optional<RuleSet> against, Backtest.Settings settings)
            throws IOException, InterruptedException {
        return new Backtest(history, settings, MONTH.incidents, Progress.NONE).run(rules, against);
    }

    private static RuleSet rules(String yaml, String revision) {
        Loaded loaded = RuleLoader.load(List.of(new RuleSource("shop.yaml", yaml)), revision);
        assertThat(loaded.ruleSet()).as("%s", loaded.diagnostics()).isPresent();
        return loaded.ruleSet().orElseThrow();
    }

    static void assertTruth(Score score, Truth truth) {
        assertThat(score.pages()).isEqualTo(truth.pages);
        assertThat(score.truePages()).isEqualTo(truth.truePages);
        assertThat(score.caught()).containsExactlyInAnyOrderElementsOf(truth.caught);
        assertThat(score.missed()).hasSize(20 - truth.caught.size());
        assertThat(score.delaysMillis()).isEqualTo(truth.delays);
        assertThat(score.resetsMillis()).isEqualTo(truth.resets);
        assertThat(score.unresolved()).isZero();
    }

    @Test
    void month_numbersAreThoseItWasMadeWith() {
        assertThat(report.incidents()).isEqualTo(20);
        RuleScore shop = report.newest().rule("shop", "ShopSlowAndFailing").orElseThrow();
        assertTruth(shop.score(), MONTH.slowAndFailing);
        // 9 outages, 3 with two bursts, 4 load tests.
        assertThat(shop.score().pages()).isEqualTo(19);
        assertThat(shop.score().precision()).isEqualTo(15.0 / 19);
        assertThat(shop.score().recall()).isEqualTo(12.0 / 20);
        assertThat(shop.score().pageToIncident()).isEqualTo(19.0 / 12);
        assertThat(shop.score().repeats()).isEqualTo(15.0 / 12);
        assertThat(Score.percentile(shop.score().delaysMillis(), 0.5))
                .isEqualTo((double) MONTH.slowAndFailing.delays.get(5));
        RuleScore lag = report.newest().rule("shop", "LagHurtsShop").orElseThrow();
        assertTruth(lag.score(), MONTH.lagHurts);
        assertThat(lag.score().precision()).isEqualTo(1.0);
        assertThat(report.newest().total().caught()).hasSize(17);
        assertThat(report.newest().total().missed()).hasSize(3);
    }

    @Test
    void printedReport_saysTheGeneratorsTruth() {
        assertPrinted(report, "ShopSlowAndFailing", MONTH.slowAndFailing);
        assertPrinted(report, "LagHurtsShop", MONTH.lagHurts);
        assertPrintedRival(report, "slow_p95 > 500ms alone (the symptom)", MONTH.slowAlone);
        assertPrintedRival(report, "error_ratio > 2% alone", MONTH.failingAlone);
    }

    /** A rule's line of the printed report, cell by cell, from what the month was made with alone. */
    static void assertPrinted(BacktestReport report, String rule, Truth truth) {
        int caught = truth.caught.size();
        double precision = (double) truth.truePages / truth.pages;
        String line = new TextReport(report)
                .terminal().stream()
                        .filter(l -> l.startsWith(rule + " "))
                        .findFirst()
                        .orElseThrow();
        assertThat(List.of(line.split("  +")))
                .containsExactly(
                        rule,
                        "page",
                        String.valueOf(truth.pages),
                        String.valueOf(truth.truePages),
                        caught + "/20",
                        percent(precision),
                        percent(caught / 20.0),
                        rounded((truth.pages - truth.truePages) / (30 / 7.0), 1),
                        rounded((double) truth.pages / caught, 2) + " = 1/" + rounded(precision, 2) + " x "
                                + rounded((double) truth.truePages / caught, 2),
                        minutes(truth.delays.get((caught + 1) / 2 - 1)),
                        minutes(truth.delays.get((int) Math.ceil(caught * 0.95) - 1)),
                        minutes(truth.resets.get((caught + 1) / 2 - 1)));
    }

    private static void assertPrintedRival(BacktestReport report, String leg, Truth truth) {
        String line = new TextReport(report)
                .terminal().stream()
                        .filter(l -> l.strip().startsWith(leg + " "))
                        .findFirst()
                        .orElseThrow();
        assertThat(List.of(line.strip().split("  +")))
                .containsExactly(
                        leg,
                        String.valueOf(truth.pages),
                        truth.caught.size() + "/20",
                        percent((double) truth.truePages / truth.pages),
                        percent(truth.caught.size() / 20.0),
                        rounded((truth.pages - truth.truePages) / (30 / 7.0), 1),
                        minutes(truth.delays.get((truth.caught.size() + 1) / 2 - 1)));
    }

    private static String rounded(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    private static String percent(double share) {
        return rounded(share * 100, 1) + " %";
    }

    private static String minutes(long millis) {
        long seconds = millis / 1_000;
        return (seconds >= 60 ? seconds / 60 + "m" : "") + (seconds % 60 == 0 ? "" : " " + seconds % 60 + "s");
    }

    @Test
    void legsAlone_areThoseTheMonthWasMadeWith() {
        RuleScore shop = report.newest().rule("shop", "ShopSlowAndFailing").orElseThrow();
        assertThat(shop.rivals()).hasSize(4);
        assertTruth(shop.rivals().get(0).score(), MONTH.slowAlone);
        assertTruth(shop.rivals().get(2).score(), MONTH.failingAlone);
        assertThat(shop.rivals().get(0).score().pages()).isEqualTo(44);
    }

    @Test
    void legsAlone_areThoseOfSeparatelyDeployedRules() throws Exception {
        String single = Month.RULES
                .replace("slow_p95 > 500ms AND error_ratio > 2%", "slow_p95 > 500ms")
                .replace("replication_lag > 3s AND error_ratio > 2%", "replication_lag > 3s")
                .replace("tier: page", "tier: ticket");
        BacktestReport alone = backtest(RuleText.load(single), Optional.empty(), 1);
        for (int i = 0; i < 2; i++) {
            assertThat(report.newest().rules().get(i).rivals().get(0).score())
                    .isEqualTo(alone.newest().rules().get(i).score());
        }
        // 40 lone blips and 5 incidents.
        assertThat(alone.newest().rules().get(1).score().pages()).isEqualTo(45);
    }

    @Test
    void report_twiceAndOnTwoThreads_isTheSameBytes() throws Exception {
        RuleSet now = rules(Month.RULES.replace("500ms", "950ms"), "now");
        Optional<RuleSet> before = Optional.of(rules(Month.RULES, "before"));
        for (int threads = 1; threads <= 2; threads++) {
            BacktestReport again = backtest(now, before, threads);
            assertThat(JsonReport.write(again)).isEqualTo(JsonReport.write(deaf));
            assertThat(new TextReport(again).terminal()).isEqualTo(new TextReport(deaf).terminal());
            assertThat(new TextReport(again).markdown()).isEqualTo(new TextReport(deaf).markdown());
        }
    }

    @Test
    void change_thatLosesIncidents_isRefused() {
        assertThat(deaf.changes()).hasSize(1);
        assertThat(deaf.changes().get(0).lost()).hasSize(12);
        assertThat(deaf.findings()).extracting("id").containsExactly("recall-lost");
        assertThat(new TextReport(deaf).markdown()).contains("### Backtest: do not merge");
    }

    @Test
    void change_thatKeepsIncidents_isNotRefused() throws Exception {
        BacktestReport later = backtest(
                rules(Month.RULES.replace("for: 2m", "for: 3m"), "now"), Optional.of(rules(Month.RULES, "before")), 2);
        assertThat(later.changes()).hasSize(1);
        assertThat(later.findings()).isEmpty();
    }

    @Test
    void rule_beyondItsBudget_isRefused() throws Exception {
        Backtest.Settings frugal = new Backtest.Settings(
                MINUTES, Backtest.Settings.DEFAULT_LEAD, Backtest.Settings.DEFAULT_LAG, OptionalDouble.of(4), 1);
        BacktestReport judged = backtest(RuleText.load(Month.RULES), Optional.empty(), frugal);
        assertThat(judged.findings())
                .extracting("id", "rule")
                .containsExactly(tuple("page-budget", "ShopSlowAndFailing"));
    }

    @Test
    void incidents_writtenAsYaml_areRead() throws IOException {
        Path file = Files.writeString(directory.resolve("incidents.yaml"), MONTH.incidentsYaml());
        assertThat(IncidentFile.read(file)).isEqualTo(MONTH.incidents);
    }
}
