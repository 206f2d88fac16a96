// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.conjunct.event.Kind;
import io.conjunct.signal.Feed.Part;
import io.conjunct.signal.Signal.OnMissing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a value is known, when it is zero, and when it is only a lower bound (laws 2 and 3). */
class ReadingTest {
    private static final long SPAN = 60_000;

    @Test
    void count_ofAWarmEmptyWindow_isZero() {
        Signal count = signal(Measure.count(), 0, false);

        assertThat(Reading.of(count, null, SPAN)).isEqualTo(Reading.of(0, 0));
        assertThat(Reading.of(count, new Window(Part.OCCURRENCES), SPAN)).isEqualTo(Reading.of(0, 0));
    }

    @Test
    void count_ofAColdWindow_isAtLeastWhatWasSeen() {
        Window window = new Window(Part.OCCURRENCES);
        window.add(0, occurrences(5));

        Reading reading = Reading.of(signal(Measure.count(), 0, false), window, SPAN - 1);

        assertThat(reading).isEqualTo(new Reading(5, 5, 0, true));
    }

    @Test
    void rateOfAField_ofAColdWindow_isUnknownBecauseItMayFall() {
        Measure rate = new Measure(Measure.Type.RATE, "bytes", Double.NaN, Optional.empty());
        Cell cell = new Cell(Part.SUM);
        cell.addNumber(120, 0);
        Window window = new Window(Part.SUM);
        window.add(0, cell);

        assertThat(Reading.of(signal(rate, 0, false), window, SPAN - 1).isKnown())
                .isFalse();
        assertThat(Reading.of(signal(rate, 0, false), window, SPAN)).isEqualTo(Reading.of(2, 1));
    }

    @Test
    void rateOfEvents_isPerSecondOfTheWindow() {
        Measure rate = new Measure(Measure.Type.RATE, "", Double.NaN, Optional.empty());
        Window window = new Window(Part.OCCURRENCES);
        window.add(0, occurrences(120));

        assertThat(Reading.of(signal(rate, 0, false), window, SPAN)).isEqualTo(Reading.of(2, 120));
    }

    @Test
    void count_belowMinSamples_isUnknown() {
        assertThat(Reading.of(signal(Measure.count(), 10, false), null, SPAN)).isEqualTo(Reading.unknown(0));
    }

    @Test
    void quantile_belowMinSamples_isUnknownAndTellsHowMany() {
        Signal p99 = signal(Measure.quantile(0.99, "duration"), 300, false);

        Reading below = Reading.of(p99, durations(299), SPAN);
        Reading enough = Reading.of(p99, durations(300), 0);

        assertThat(below.isKnown()).isFalse();
        assertThat(below.n()).isEqualTo(299);
        assertThat(enough.value()).isCloseTo(2.0, within(0.03));
        assertThat(enough.atLeast()).isFalse();
        assertThat(Reading.of(p99, null, SPAN)).isEqualTo(Reading.unknown(0));
    }

    @Test
    void quantile_ofAnEmptyWindow_isUnknownEvenWithoutMinSamples() {
        assertThat(Reading.of(signal(Measure.quantile(0.5, "duration"), 0, false), durations(0), SPAN)
                        .isKnown())
                .isFalse();
    }

    @Test
    void defaultMinSamples_ofAQuantile_leavesThreeBeyondIt() {
        assertThat(Measure.quantile(0.99, "d").defaultMinSamples()).isEqualTo(300);
        assertThat(Measure.quantile(0.95, "d").defaultMinSamples()).isEqualTo(60);
        assertThat(Measure.quantile(0.5, "d").defaultMinSamples()).isEqualTo(6);
        assertThat(Measure.quantile(0.999, "d").defaultMinSamples()).isEqualTo(3_000);
        assertThat(Measure.count().defaultMinSamples()).isZero();
    }

    @Test
    void ratio_carriesItsNumerator() {
        Measure ratio = Measure.ratio(new Outcome.Attribute("status = \"error\"", Matcher.is("status", "error")));
        Cell cell = new Cell(Part.SHARE);
        cell.addShare(200, 30);
        Window window = new Window(Part.SHARE);
        window.add(0, cell);

        assertThat(Reading.of(signal(ratio, 50, false), window, SPAN)).isEqualTo(new Reading(0.15, 200, 30, false));
        assertThat(Reading.of(signal(ratio, 201, false), window, SPAN).isKnown())
                .isFalse();
    }

    @Test
    void baseline_beforeHalfOfItsWindow_isUnknown() {
        Signal baseline = signal(Measure.quantile(0.5, "duration"), 1, true);

        assertThat(Reading.of(baseline, durations(100), SPAN / 2 - 1)).isEqualTo(Reading.unknown(100));
        assertThat(Reading.of(baseline, durations(100), SPAN / 2).isKnown()).isTrue();
        assertThat(Reading.of(signal(Measure.count(), 0, true), null, SPAN / 2 - 1)
                        .isKnown())
                .isFalse();
    }

    private static Window durations(int count) {
        Cell cell = new Cell(Part.DISTRIBUTION);
        for (int i = 0; i < count; i++) {
            cell.addDurations(new long[] {2_000_000_000L}, 0, 1);
        }
        Window window = new Window(Part.DISTRIBUTION);
        window.add(0, cell);
        return window;
    }

    private static Cell occurrences(long events) {
        Cell cell = new Cell(Part.OCCURRENCES);
        cell.addOccurrences(events);
        return cell;
    }

    private static Signal signal(Measure measure, long minSamples, boolean baseline) {
        return new Signal(
                "s",
                measure,
                new Selector(Kind.SPAN, "", List.of()),
                Duration.ofMillis(SPAN),
                List.of(),
                Signal.SECONDS,
                measure.type() == Measure.Type.QUANTILE ? 1e-9 : 1,
                minSamples,
                new OnMissing.Unknown(),
                baseline);
    }
}
