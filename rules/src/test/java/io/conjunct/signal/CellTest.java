// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.CodedInputStream;
import io.conjunct.event.Distribution;
import io.conjunct.event.Seeded;
import io.conjunct.histogram.Histogram;
import io.conjunct.signal.Feed.Part;
import io.conjunct.signal.RandomCells.Event;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cells count exactly, and the order in which they are filled and merged never shows. */
class CellTest {

    @ParameterizedTest
    @EnumSource(Part.class)
    void merge_inAnyOrderAndSplit_isTheSame(Part part) {
        Seeded.forEach(500, (random, seed) -> {
            List<Event> events = RandomCells.events(random, part, random.nextInt(1, 60), -5_000, 5_000);
            byte[] direct = RandomCells.bytes(RandomCells.cell(part, events));

            List<Event> shuffled = RandomCells.shuffled(events, seed);
            List<Cell> cells = new ArrayList<>();
            int at = 0;
            while (at < shuffled.size()) {
                int to = random.nextInt(at, shuffled.size()) + 1;
                cells.add(RandomCells.cell(part, shuffled.subList(at, to)));
                at = to;
            }
            Cell merged = new Cell(part);
            RandomCells.shuffled(cells, seed).forEach(merged::merge);

            assertThat(RandomCells.bytes(merged)).isEqualTo(direct);
        });
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void writeTo_andReadFrom_giveTheSameCell(Part part) {
        Seeded.forEach(500, (random, seed) -> {
            Cell cell = RandomCells.cell(part, RandomCells.events(random, part, random.nextInt(30), 0, 10_000));

            CodedInputStream in = CodedInputStream.newInstance(RandomCells.bytes(cell));
            Cell read = Cell.readFrom(in, part);

            assertThat(in.isAtEnd()).isTrue();
            assertThat(RandomCells.bytes(read)).isEqualTo(RandomCells.bytes(cell));
            assertThat(read.count()).isEqualTo(cell.count());
            assertThat(read.sum()).isEqualTo(cell.sum());
            assertThat(read.slowest()).isEqualTo(cell.slowest());
            assertThat(read.failed()).isEqualTo(cell.failed());
        });
    }

    @Test
    void sum_ofNumbers_isExactToABillionthEach() {
        Seeded.forEach(500, (random, seed) -> {
            Cell cell = new Cell(Part.SUM);
            BigDecimal exact = BigDecimal.ZERO;
            int values = random.nextInt(1, 500);
            for (int i = 0; i < values; i++) {
                double value = random.nextGaussian() * Math.pow(10, random.nextInt(-6, 9));
                exact = exact.add(new BigDecimal(value));
                cell.addNumber(value, 0);
            }
            double expected = exact.doubleValue();
            assertThat(cell.sum()).isCloseTo(expected, within(values * 1e-9 + Math.abs(expected) * 1e-15));
        });
    }

    @Test
    void sum_ofWholeNumbers_isExact() {
        Cell cell = new Cell(Part.SUM);
        for (int i = 0; i < 1_000; i++) {
            cell.addNumber(8_999_999_999_999.0, 0);
            cell.addNumber(-7, 0);
        }
        assertThat(cell.sum()).isEqualTo(8_999_999_999_992_000.0);
    }

    @Test
    void sum_ofVeryManyLongDurations_doesNotOverflow() {
        Cell cell = new Cell(Part.SUM);
        // A minute each, doubled fifty times: more nanoseconds than a long holds.
        cell.addDurations(new long[] {60_000_000_000L}, 0, 1);
        for (int i = 0; i < 50; i++) {
            cell.merge(RandomCells.copy(cell));
        }
        assertThat(cell.count()).isEqualTo(1L << 50);
        assertThat(cell.sum()).isEqualTo(60e9 * 0x1p50);
    }

    @Test
    void sum_ofAbsurdValues_countsThemAsTheLargest() {
        Cell durations = new Cell(Part.SUM);
        durations.addDurations(new long[] {Long.MAX_VALUE, Long.MAX_VALUE}, 0, 2);
        Cell numbers = new Cell(Part.SUM);
        numbers.addNumber(1e300, 0);
        numbers.addNumber(Double.MAX_VALUE, 0);

        assertThat(durations.sum()).isEqualTo(18e15);
        assertThat(numbers.sum()).isEqualTo(18e15);
        numbers.addNumber(-1e300, 0);
        assertThat(numbers.sum()).isEqualTo(9e15);
    }

    @Test
    void last_ofEqualTimes_isTheLargest() {
        Cell cell = new Cell(Part.LAST);
        cell.addNumber(7, 100);
        cell.addNumber(9, 100);
        cell.addNumber(8, 100);
        cell.addNumber(99, 50);

        assertThat(cell.last()).isEqualTo(9);
        assertThat(cell.lastMillis()).isEqualTo(100);
        assertThat(cell.count()).isEqualTo(4);
    }

    @Test
    void addDistribution_withoutASum_tellsNothingOfSumOrLast() {
        Histogram histogram = new Histogram();
        histogram.record(4, 10);
        Distribution unsaid = new Distribution(histogram, Double.NaN, Double.NaN, Double.NaN);
        Cell sum = new Cell(Part.SUM);
        Cell last = new Cell(Part.LAST);
        Cell extremes = new Cell(Part.EXTREMES);

        sum.addDistribution(unsaid, 1);
        last.addDistribution(unsaid, 1);
        extremes.addDistribution(unsaid, 1);

        assertThat(sum.count()).isZero();
        assertThat(last.count()).isZero();
        assertThat(extremes.count()).isEqualTo(10);
        assertThat(extremes.min()).isCloseTo(4, within(0.044));
        assertThat(extremes.max()).isCloseTo(4, within(0.044));
    }
}
