// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleText;
import io.conjunct.history.History;
import io.conjunct.rule.RuleSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One rule with many values in one pass. */
final class SweepTest {
    private static final RuleSet RULES = RuleText.load(Month.RULES);

    @TempDir
    Path directory;

    @Test
    void points_areWhatTheRuleWithThatValueDoes() throws Exception {
        Month month = new Month(4, 20);
        Path file = directory.resolve("month.events");
        month.write(file);
        Sweep sweep = Sweep.of("ShopSlowAndFailing.for=0s, 2m,1h", RULES);
        Backtest.Settings settings = Backtest.Settings.of(EngineSettings.of(Duration.ofMinutes(1)), 2);
        List<Sweep.Point> points = sweep.run(History.of(List.of(file)), settings, month.incidents, Progress.NONE);
        assertThat(points).extracting(Sweep.Point::value).containsExactly("0s", "2m", "1h");
        BacktestTest.assertTruth(points.get(1).score(), month.slowAndFailing);
        assertThat(points.get(0).score().delaysMillis())
                .isEqualTo(month.slowAndFailing.delays.stream()
                        .map(d -> d - 120_000)
                        .toList());
        assertThat(points.get(2).score().pages()).isZero();
        assertThat(sweep.table(points)).hasSize(4);
    }

    @Test
    void mistakes_areExplained() {
        assertThatThrownBy(() -> Sweep.of("ShopSlowAndFailing.slow_p95=30", RULES))
                .hasMessageContaining("write 30s");
        assertThatThrownBy(() -> Sweep.of("ShopSlowAndFailing.for=soon", RULES)).hasMessageContaining("not a duration");
        assertThatThrownBy(() -> Sweep.of("ShopSlowAndFailing.lag=1s", RULES))
                .hasMessageContaining("[slow_p95, error_ratio]");
        assertThatThrownBy(() -> Sweep.of("Nobody.for=1s", RULES)).hasMessageContaining("there is no rule Nobody");
    }
}
