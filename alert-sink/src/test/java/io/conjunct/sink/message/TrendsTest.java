// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Leg;
import io.conjunct.sink.Alerts;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TrendsTest {
    private static final Alert ALERT = Alerts.firing("checkout");
    /** {@code hit_p99 > 1000ms}, 1.4213 s. */
    private static final Leg PLAIN = ALERT.legs().get(0);
    /** {@code miss_ratio > 5%} of the cache {@code cart}. */
    private static final Leg SPLIT = ALERT.legs().get(1);

    private final AtomicInteger dropped = new AtomicInteger();
    private final Trends trends = new Trends(dropped::incrementAndGet);

    private void tick(String group, int ticksBefore, String signal, String labels, String value) {
        Instant at = Instant.ofEpochMilli(ALERT.atMillis()).minusSeconds(10L * ticksBefore);
        trends.signals(String.format(
                Locale.ROOT,
                "{\"group\":\"%s\",\"revision\":\"r\",\"at\":\"%s\",\"samples\":[{\"signal\":\"%s\",\"labels\":%s,"
                        + "\"value\":%s,\"n\":1,\"unit\":\"s\"}]}",
                group,
                at,
                signal,
                labels,
                value));
    }

    @Test
    void values_fromLowestToHighest_withDotsWhereNothingIsKnown() {
        String[] values = {"0.0", "0.1", "0.2", "null", "0.4", "0.5", "0.6", "0.8"};
        for (int i = 0; i < values.length; i++) {
            tick("checkout", values.length - 1 - i, "miss_ratio", "{\"cache\":\"cart\"}", values[i]);
        }
        assertThat(trends.of(ALERT, SPLIT)).contains("▁▂▃·▅▅▆█");
    }

    @Test
    void topicThatIsNotReadUpToTheAlert_isCompletedByTheAlertsOwnValue() {
        tick("checkout", 3, "hit_p99", "{}", "0.1");
        tick("checkout", 2, "hit_p99", "{}", "0.1");
        tick("checkout", 1, "hit_p99", "{}", "0.1");
        assertThat(trends.of(ALERT, PLAIN)).contains("▁▁▁█");
    }

    @Test
    void valuesAfterTheAlert_ofOtherGroups_orOtherLabels_areNotItsOwn() {
        for (int i = 2; i >= 0; i--) {
            tick("checkout", i, "miss_ratio", "{\"cache\":\"cart\"}", "0." + (2 - i));
            tick("other", i, "miss_ratio", "{\"cache\":\"cart\"}", "7");
            tick("checkout", i, "miss_ratio", "{\"cache\":\"user\"}", "9");
        }
        tick("checkout", -1, "miss_ratio", "{\"cache\":\"cart\"}", "5");
        assertThat(trends.of(ALERT, SPLIT)).contains("▁▅█");
    }

    @Test
    void moreThanThirtyTicks_showTheLastThirty_andTooFewShowNothing() {
        tick("checkout", 100, "hit_p99", "{}", "0.5");
        assertThat(trends.of(ALERT, PLAIN)).isEmpty();
        for (int i = 99; i >= 0; i--) {
            tick("checkout", i, "hit_p99", "{}", i == 50 ? "900" : "1");
        }
        assertThat(trends.of(ALERT, PLAIN)).contains("▁".repeat(Trends.TICKS));
    }

    @Test
    void seriesThatHaveNoRoom_areCounted_andSoIsWhatCannotBeRead() {
        for (int i = 0; i <= Trends.MAX_SERIES; i++) {
            tick("checkout", 0, "s" + i, "{}", "1");
        }
        trends.signals("{}");
        trends.signals("nonsense");
        assertThat(dropped).hasValue(3);
    }
}
