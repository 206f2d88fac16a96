// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleText;
import io.conjunct.history.History;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The month at 50 requests a second, 128 million events: the numbers are the same. */
@Tag("soak")
final class FullMonthTest {
    @TempDir
    Path directory;

    @Test
    void fullMonth_countsAreThoseItWasMadeWith() throws Exception {
        Month month = new Month(3, 3_000);
        Path file = directory.resolve("month.events");
        long events = month.write(file);
        Backtest.Settings settings = Backtest.Settings.of(EngineSettings.of(Duration.ofMinutes(1)), 2);
        BacktestReport report = new Backtest(History.of(List.of(file)), settings, month.incidents, Progress.NONE)
                .run(RuleText.load(Month.RULES), Optional.empty());
        assertThat(report.stretch().events()).isEqualTo(events);
        BacktestTest.assertTruth(report.newest().rules().get(0).score(), month.slowAndFailing);
        BacktestTest.assertTruth(report.newest().rules().get(1).score(), month.lagHurts);
        BacktestTest.assertPrinted(report, "ShopSlowAndFailing", month.slowAndFailing);
        BacktestTest.assertPrinted(report, "LagHurtsShop", month.lagHurts);
    }
}
