// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Leg;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the signals of a condition were lately, as a spark line: the last {@value #TICKS} ticks of the topic
 * {@code conjunct.signals}, lowest to highest, a dot where nothing was known. Holds {@value #MAX_SERIES} series; more are
 * counted and go without. An expression of several signals shows its first. Safe for several threads.
 */
public final class Trends {
    static final int TICKS = 30;
    static final int MAX_SERIES = 20_000;

    private static final String LEVELS = "▁▂▃▄▅▆▇█";
    private static final char UNKNOWN = '·';
    private static final int FEWEST = 3;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final class Series {
        final long[] at = new long[TICKS];
        final double[] values = new double[TICKS];
        int size;

        void add(long atMillis, double value) {
            if (size == TICKS) {
                System.arraycopy(at, 1, at, 0, --size);
                System.arraycopy(values, 1, values, 0, size);
            }
            at[size] = atMillis;
            values[size++] = value;
        }
    }

    private final Map<String, Series> series = new HashMap<>();
    private final Runnable onFull;

    /**
     * @param onFull run for every value there was no room for
     */
    public Trends(Runnable onFull) {
        this.onFull = onFull;
    }

    /** A value of the signals topic; what cannot be read is passed over. */
    public synchronized void signals(String json) {
        try {
            JsonNode tick = JSON.readTree(json);
            String group = tick.required("group").asText();
            long at = Instant.parse(tick.required("at").asText()).toEpochMilli();
            for (JsonNode sample : tick.required("samples")) {
                SortedMap<String, String> labels = new TreeMap<>();
                sample.required("labels")
                        .properties()
                        .forEach(label ->
                                labels.put(label.getKey(), label.getValue().asText()));
                add(key(group, sample.required("signal").asText(), labels), at, sample.path("value"));
            }
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            onFull.run();
        }
    }

    private void add(String key, long at, JsonNode value) {
        Series known = series.get(key);
        if (known == null) {
            if (series.size() >= MAX_SERIES) {
                onFull.run();
                return;
            }
            known = new Series();
            series.put(key, known);
        }
        known.add(at, value.isNumber() ? value.asDouble() : Double.NaN);
    }

    /** The spark line of a leg up to its alert; empty when too little is known. */
    public synchronized Optional<String> of(Alert alert, Leg leg) {
        Matcher names = NAME.matcher(leg.text());
        while (names.find()) {
            Series known = series.get(key(alert.group(), names.group(), leg.labels()));
            if (known != null) {
                boolean alone =
                        names.start() == 0 && leg.text().substring(names.end()).matches(" *[<>=!].*");
                return spark(known, alert.atMillis(), alone ? leg.value() : Double.NaN);
            }
        }
        return Optional.empty();
    }

    /**
     * @param last the value at this very time, in case the topic is not read that far; NaN when it is not known
     */
    private static Optional<String> spark(Series known, long atMillis, double last) {
        int size = known.size;
        while (size > 0 && known.at[size - 1] > atMillis) {
            size--;
        }
        boolean behind = Double.isFinite(last) && (size == 0 || known.at[size - 1] < atMillis);
        int from = behind && size == TICKS ? 1 : 0;
        double[] values = Arrays.copyOfRange(known.values, from, behind ? size + 1 : size);
        if (behind) {
            values[values.length - 1] = last;
        }
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (finite.length < FEWEST) {
            return Optional.empty();
        }
        double low = Arrays.stream(finite).min().orElseThrow();
        double range = Arrays.stream(finite).max().orElseThrow() - low;
        StringBuilder line = new StringBuilder();
        for (double value : values) {
            int level = range > 0 ? (int) Math.round((value - low) / range * (LEVELS.length() - 1)) : 0;
            line.append(Double.isFinite(value) ? LEVELS.charAt(level) : UNKNOWN);
        }
        return Optional.of(line.toString());
    }

    private static String key(String group, String signal, Map<String, String> labels) {
        return group + '\n' + signal + '\n' + labels;
    }
}
