// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.Seeded;
import io.conjunct.signal.Feed.Part;
import io.conjunct.signal.RandomCells.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sliding by adding the newest pane and taking back the expired one is the same as counting the raw events anew. */
class WindowTest {
    private static final long TICK = 1_000;

    @ParameterizedTest
    @EnumSource(Part.class)
    void slide_anyNumberOfPanes_equalsRecomputationFromRawEvents(Part part) {
        Seeded.forEach(200, (random, seed) -> {
            Window window = new Window(part);
            TreeMap<Long, List<Event>> raw = new TreeMap<>();
            int length = random.nextInt(1, 8);
            for (long pane = 0; pane < 40; pane++) {
                if (random.nextInt(4) != 0) {
                    // Some events are late: counted in this pane though their time is older.
                    long lateness = random.nextInt(3) == 0 ? 5 * TICK : 0;
                    List<Event> events = RandomCells.events(
                            random, part, random.nextInt(6), pane * TICK - lateness, pane * TICK + TICK);
                    raw.put(pane, events);
                    int split = random.nextInt(events.size() + 1);
                    window.add(pane, RandomCells.cell(part, events.subList(0, split)));
                    window.add(pane, RandomCells.cell(part, events.subList(split, events.size())));
                }
                List<Event> gone = raw.remove(pane - length);
                if (gone != null) {
                    window.expire(pane - length, RandomCells.cell(part, RandomCells.shuffled(gone, seed)));
                }

                List<Event> content = new ArrayList<>();
                raw.values().forEach(content::addAll);
                assertSame(window, RandomCells.cell(part, RandomCells.shuffled(content, seed)));
            }
        });
    }

    private static void assertSame(Window window, Cell expected) {
        boolean empty = expected.count() == 0;
        assertThat(window.count()).isEqualTo(expected.count());
        assertThat(window.matched()).isEqualTo(expected.matched());
        assertThat(window.sum()).isEqualTo(expected.sum());
        switch (expected.part()) {
            case EXTREMES -> {
                assertThat(Double.valueOf(window.min())).isEqualTo(Double.valueOf(empty ? Double.NaN : expected.min()));
                assertThat(Double.valueOf(window.max())).isEqualTo(Double.valueOf(empty ? Double.NaN : expected.max()));
            }
            case LAST ->
                assertThat(Double.valueOf(window.last()))
                        .isEqualTo(Double.valueOf(empty ? Double.NaN : expected.last()));
            case DISTRIBUTION -> {
                for (double q : new double[] {0.01, 0.5, 0.99, 1}) {
                    assertThat(Double.valueOf(window.quantile(q)))
                            .isEqualTo(Double.valueOf(expected.histogram().quantile(q)));
                }
            }
            case OCCURRENCES, SUM, SHARE -> {}
        }
    }

    @Test
    void last_afterALateEventOfAYoungerPane_isStillTheValueWithTheLatestTime() {
        Window window = new Window(Part.LAST);
        Cell onTime = new Cell(Part.LAST);
        onTime.addNumber(1, 10_900);
        Cell late = new Cell(Part.LAST);
        late.addNumber(2, 4_000);

        window.add(10, onTime);
        window.add(11, late);
        assertThat(window.last()).isEqualTo(1);

        window.expire(10, onTime);
        assertThat(window.last()).isEqualTo(2);
        window.expire(11, late);
        assertThat(window.last()).isNaN();
    }

    @Test
    void value_ofAnEmptyWindow_isZeroWhereNothingMeansZero() {
        assertThat(new Window(Part.OCCURRENCES).value(Measure.count(), 60)).isZero();
        assertThat(new Window(Part.DISTRIBUTION).value(Measure.quantile(0.99, "duration"), 60))
                .isNaN();
    }
}
