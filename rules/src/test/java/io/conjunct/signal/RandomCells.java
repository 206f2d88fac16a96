// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.conjunct.event.Distribution;
import io.conjunct.event.Exemplar;
import io.conjunct.histogram.Histogram;
import io.conjunct.signal.Feed.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Makes up events of one feed, so that cells can be filled with them in any order. */
final class RandomCells {

    /** Something that is counted in a cell. */
    interface Event {
        void countIn(Cell cell);
    }

    private RandomCells() {}

    /** Events of a pane; with few distinct values and times, so that ties are common. */
    static List<Event> events(RandomGenerator random, Part part, int count, long fromMillis, long toMillis) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long millis = fromMillis + random.nextLong(toMillis - fromMillis) / 7 * 7;
            double number = random.nextInt(3) == 0 ? random.nextInt(-3, 4) : random.nextGaussian() * 1e6;
            long nanos = random.nextInt(4) == 0 ? random.nextLong(Long.MAX_VALUE) : random.nextLong(1_000_000);
            long hits = random.nextInt(3);
            Distribution distribution = distribution(random);
            events.add(
                    switch (part) {
                        case OCCURRENCES -> cell -> cell.addOccurrences(1 + hits);
                        case SHARE -> cell -> cell.addShare(2, hits);
                        case LAST, SUM, EXTREMES, DISTRIBUTION ->
                            switch (random.nextInt(part == Part.LAST ? 2 : 3)) {
                                case 0 -> cell -> cell.addNumber(number, millis);
                                case 1 -> cell -> cell.addDistribution(distribution, millis);
                                default -> cell -> cell.addDurations(new long[] {1, nanos}, 1, 2);
                            };
                    });
            if (random.nextInt(4) == 0) {
                byte[] trace = new byte[16];
                random.nextBytes(trace);
                Exemplar exemplar =
                        new Exemplar(HexFormat.of().formatHex(trace), millis, random.nextInt(4), random.nextBoolean());
                events.add(cell -> cell.offer(exemplar));
            }
        }
        return events;
    }

    private static Distribution distribution(RandomGenerator random) {
        Histogram histogram = new Histogram();
        int values = random.nextInt(4);
        for (int i = 0; i < values; i++) {
            histogram.record(random.nextGaussian(), random.nextLong(1, 5));
        }
        double[] unsaid = {Double.NaN, Double.POSITIVE_INFINITY, -0.0, 0.0, random.nextGaussian()};
        return new Distribution(
                histogram,
                unsaid[random.nextInt(unsaid.length)],
                unsaid[random.nextInt(unsaid.length)],
                unsaid[random.nextInt(unsaid.length)]);
    }

    static Cell cell(Part part, List<Event> events) {
        Cell cell = new Cell(part);
        events.forEach(event -> event.countIn(cell));
        return cell;
    }

    static <T> List<T> shuffled(List<T> items, long seed) {
        List<T> shuffled = new ArrayList<>(items);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }

    /** The cell's bytes: equal exactly when all that is kept of it is. */
    static byte[] bytes(Cell cell) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            cell.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    static Cell copy(Cell cell) {
        try {
            return Cell.readFrom(CodedInputStream.newInstance(bytes(cell)), cell.part());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
