// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.histogram.Histogram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Makes up batches of every shape the schema allows. */
final class RandomBatches {
    private static final String[] TEXTS = {
        "",
        "a",
        "checkout",
        "GET /orders/{id}",
        "grüße",
        "日本語",
        "\u0000\u0001\u007f",
        "\uD83D\uDE80\uD83E\uDDD1\u200D\uD83D\uDCBB",
        "e\u0301",
        "\u202Eright to left",
        "\uFFFF",
        "a\"b\\c\nd",
        "x".repeat(300)
    };
    private static final long[] MILLIS = {
        0, 1, -1, 1_700_000_000_000L, -62_135_596_800_000L, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1
    };
    private static final double[] NUMBERS = {
        0.0, -0.0, 1, -1.5, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 1e-300, 0.1
    };

    private final RandomGenerator random;

    RandomBatches(RandomGenerator random) {
        this.random = random;
    }

    EventBatch next() {
        Map<Series, Rows> rows = new LinkedHashMap<>();
        int wanted = random.nextInt(10) == 0 ? 0 : random.nextInt(6);
        for (int i = 0; i < wanted; i++) {
            Series series = series();
            rows.put(series, rows(series, random.nextInt(8) == 0 ? 0 : random.nextInt(1, 40)));
        }
        return new EventBatch(header(), List.copyOf(rows.values()));
    }

    Header header() {
        return new Header(
                text(), random.nextLong(), random.nextLong(1 << 20), millis(), millis(), random.nextBoolean());
    }

    Series series() {
        Map<String, String> attributes = new TreeMap<>();
        int wanted = random.nextInt(5);
        for (int i = 0; i < wanted; i++) {
            attributes.put(text() + i, text());
        }
        List<Field> fields = new ArrayList<>();
        wanted = random.nextInt(4);
        for (int i = 0; i < wanted; i++) {
            fields.add(new Field(text() + i, pick(Field.Type.values())));
        }
        return new Series(pick(Kind.values()), text(), text(), new TreeMap<>(attributes), fields);
    }

    Rows rows(Series series, int count) {
        long[] times = new long[count];
        long time = millis();
        for (int i = 0; i < count; i++) {
            times[i] = random.nextInt(20) == 0 ? millis() : time;
            time += random.nextInt(-500, 5_000);
        }
        Object[] columns = new Object[series.fields().size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = column(series.fields().get(i).type(), count);
        }
        List<Exemplar> exemplars = new ArrayList<>();
        int wanted = random.nextInt(4) == 0 ? random.nextInt(5) : 0;
        for (int i = 0; i < wanted; i++) {
            exemplars.add(exemplar());
        }
        return new Rows(series, times, columns, exemplars);
    }

    Exemplar exemplar() {
        byte[] trace = new byte[16];
        random.nextBytes(trace);
        return new Exemplar(Exemplar.hex(trace), millis(), duration(), random.nextBoolean());
    }

    private Object column(Field.Type type, int count) {
        return switch (type) {
            case DURATION -> {
                long[] durations = new long[count];
                for (int i = 0; i < count; i++) {
                    durations[i] = duration();
                }
                yield durations;
            }
            case NUMBER -> {
                double[] numbers = new double[count];
                for (int i = 0; i < count; i++) {
                    numbers[i] = number();
                }
                yield numbers;
            }
            case DISTRIBUTION -> {
                Distribution[] distributions = new Distribution[count];
                for (int i = 0; i < count; i++) {
                    distributions[i] = distribution();
                }
                yield distributions;
            }
        };
    }

    Distribution distribution() {
        Histogram histogram = new Histogram();
        int wanted = random.nextInt(6);
        for (int i = 0; i < wanted; i++) {
            histogram.record(number(), random.nextLong(1, 1_000_000));
        }
        boolean said = random.nextBoolean();
        return new Distribution(histogram, number(), said ? number() : Double.NaN, said ? number() : Double.NaN);
    }

    private long duration() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            case 2 -> 1;
            default -> (long) Math.exp(random.nextDouble(30));
        };
    }

    private double number() {
        return random.nextInt(3) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextGaussian() * 1e3;
    }

    private long millis() {
        return random.nextInt(3) == 0
                ? MILLIS[random.nextInt(MILLIS.length)]
                : 1_700_000_000_000L + random.nextInt(10_000_000);
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
