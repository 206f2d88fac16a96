// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchBuilder;
import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import io.conjunct.history.HistoryWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A made-up month of a shop, from a seed: 20 incidents and four kinds of weather, each in a slot of three hours of its
 * own. What every rule of {@link #RULES} must do is known from the schedule alone, without an engine: a fault that lasts
 * from minute a to minute b is seen by a window of five minutes at the ticks of the minutes a to b + 4.
 */
final class Month {
    static final long START = 1_767_225_600_000L;
    static final long MINUTE = 60_000;
    static final int MINUTES = 30 * 24 * 60;

    static final String RULES = """
            groups:
            - name: shop
              owner: shop-team
              signals:
                slow_p95:        {measure: p95(duration), of: span, where: {service.name: shop}, over: 5m}
                error_ratio:     {measure: ratio(status = "error"), of: span, where: {service.name: shop}, over: 5m}
                replication_lag: {measure: max(value), of: metric db.replication.lag, unit: s, over: 5m, by: [cloud.region]}
              rules:
              - alert: ShopSlowAndFailing
                when: slow_p95 > 500ms AND error_ratio > 2%
                for: 2m
                tier: page
                annotations: {summary: "Buying is slow and fails", runbook_url: "https://runbooks.example.com/shop"}
              - alert: LagHurtsShop
                when: replication_lag > 3s AND error_ratio > 2%
                on: [cloud.region]
                tier: page
                annotations: {summary: "Replication lag hurts buyers in {{ cloud.region }}", runbook_url: "https://runbooks.example.com/lag"}
            """;

    private static final int SLOT = 180;
    private static final int MAX_BATCH = 5_000;

    private final int spansPerMinute;
    private final boolean[] slow = new boolean[MINUTES];
    private final boolean[] failing = new boolean[MINUTES];
    private final boolean[] quiet = new boolean[MINUTES];
    /** Replication lag in eu and in us. */
    private final boolean[][] lagging = new boolean[2][MINUTES];

    final List<Incident> incidents = new ArrayList<>();
    final Truth slowAndFailing = new Truth();
    final Truth lagHurts = new Truth();
    /** Of the legs of the first rule, each alone with its {@code for: 2m}. */
    final Truth slowAlone = new Truth();

    final Truth failingAlone = new Truth();

    /** What a rule must come to, by construction. */
    static final class Truth {
        int pages;
        int truePages;
        final List<String> caught = new ArrayList<>();
        final List<Long> delays = new ArrayList<>();
        final List<Long> resets = new ArrayList<>();

        /** A page outside of every incident. */
        void noise() {
            pages++;
        }

        /** Pages of one incident: when the first fired and the last resolved, Unix milliseconds. */
        void caught(Incident incident, int ofIt, long fired, long resolved) {
            pages += ofIt;
            truePages += ofIt;
            caught.add(incident.id());
            delays.add(fired - incident.startMillis());
            resets.add(resolved - incident.endMillis());
        }
    }

    Month(long seed, int spansPerMinute) {
        this.spansPerMinute = spansPerMinute;
        Random random = new Random(seed);
        List<Integer> slots = new ArrayList<>();
        // The first slot stays calm: windows warm up.
        for (int i = 1; i < MINUTES / SLOT; i++) {
            slots.add(i * SLOT);
        }
        Collections.shuffle(slots, random);
        int next = 0;
        for (int i = 0; i < 9; i++) {
            outage(random, slots.get(next++), 1);
        }
        for (int i = 0; i < 3; i++) {
            outage(random, slots.get(next++), 2);
        }
        for (int i = 0; i < 3; i++) {
            silent(random, slots.get(next++));
        }
        for (int i = 0; i < 5; i++) {
            lag(random, slots.get(next++));
        }
        for (int i = 0; i < 25; i++) {
            coldCache(random, slots.get(next++));
        }
        for (int i = 0; i < 40; i++) {
            mark(lagging[random.nextInt(2)], begin(random, slots.get(next++)), 5 + random.nextInt(20));
        }
        for (int i = 0; i < 20; i++) {
            mark(quiet, begin(random, slots.get(next++)), 10 + random.nextInt(40));
        }
        for (int i = 0; i < 4; i++) {
            loadTest(random, slots.get(next++));
        }
        for (Truth truth : List.of(slowAndFailing, lagHurts, slowAlone, failingAlone)) {
            truth.delays.sort(null);
            truth.resets.sort(null);
        }
    }

    private static int begin(Random random, int slot) {
        return slot + 10 + random.nextInt(50);
    }

    private static void mark(boolean[] minutes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            minutes[i] = true;
        }
    }

    /** An alert with {@code for: 2m} fires at the third tick that sees the fault. */
    private static long firedAfterTwoMinutes(int from) {
        return START + (from + 3) * MINUTE;
    }

    /** The first tick whose window has none of it left. */
    private static long resolved(int end) {
        return START + (end + 5) * MINUTE;
    }

    /** People write an incident down from a little before to a little after. */
    private Incident incident(Random random, int from, int end, SortedMap<String, String> labels) {
        Incident incident = new Incident(
                String.format("INC-%02d", incidents.size() + 1),
                START + from * MINUTE - random.nextInt(240) * 1000L,
                START + end * MINUTE + random.nextInt(120) * 1000L,
                "shop",
                labels,
                "",
                List.of());
        incidents.add(incident);
        return incident;
    }

    /** Buying is slow and fails, in one or two bursts half an hour apart. */
    private void outage(Random random, int slot, int bursts) {
        int from = begin(random, slot);
        int length = 5 + random.nextInt(20);
        int end = from;
        for (int i = 0; i < bursts; i++) {
            int start = from + i * (length + 30);
            mark(slow, start, length);
            mark(failing, start, length);
            end = start + length;
        }
        Incident incident = incident(random, from, end, new TreeMap<>());
        for (Truth truth : List.of(slowAndFailing, slowAlone, failingAlone)) {
            truth.caught(incident, bursts, firedAfterTwoMinutes(from), resolved(end));
        }
    }

    /** Buying fails fast. */
    private void silent(Random random, int slot) {
        int from = begin(random, slot);
        int length = 5 + random.nextInt(20);
        mark(failing, from, length);
        Incident incident = incident(random, from, from + length, new TreeMap<>());
        failingAlone.caught(incident, 1, firedAfterTwoMinutes(from), resolved(from + length));
    }

    /** Replication lags in one region; three minutes later buying fails. */
    private void lag(Random random, int slot) {
        int from = begin(random, slot);
        int length = 10 + random.nextInt(20);
        int region = random.nextInt(2);
        mark(lagging[region], from, length);
        mark(failing, from + 3, length - 3);
        Incident incident =
                incident(random, from, from + length, new TreeMap<>(Map.of("cloud.region", region == 0 ? "eu" : "us")));
        lagHurts.caught(incident, 1, START + (from + 4) * MINUTE, resolved(from + length));
        failingAlone.caught(incident, 1, firedAfterTwoMinutes(from + 3), resolved(from + length));
    }

    private void coldCache(Random random, int slot) {
        mark(slow, begin(random, slot), 5 + random.nextInt(60));
        slowAlone.noise();
    }

    /** Looks like an outage, but nobody was hurt. */
    private void loadTest(Random random, int slot) {
        int from = begin(random, slot);
        mark(slow, from, 15);
        mark(failing, from, 15);
        slowAndFailing.noise();
        slowAlone.noise();
        failingAlone.noise();
    }

    /** Writes the month as a recorded file; returns the number of events. */
    long write(Path file) throws IOException {
        long events = 0;
        try (HistoryWriter writer = HistoryWriter.create(file, 1)) {
            EventBatchBuilder builder = new EventBatchBuilder(MINUTE);
            long sequence = 0;
            for (int minute = 0; minute < MINUTES; minute++) {
                long begin = START + minute * MINUTE;
                int spans = quiet[minute] ? 2 : spansPerMinute;
                for (int i = 0; i < spans; i++) {
                    boolean failed = failing[minute] && i % 2 == 0;
                    int series = builder.series(
                            Series.span("shop", "POST /buy", Map.of("status", failed ? "error" : "unset")));
                    long duration = slow[minute] ? 900_000_000L : 40_000_000L + i % 20 * 1_000_000L;
                    builder.addSpan(series, begin + i * MINUTE / spans, duration);
                    if (builder.events() == MAX_BATCH) {
                        events += batch(writer, builder, ++sequence, begin);
                    }
                }
                for (int region = 0; region < 2; region++) {
                    Series lag = new Series(
                            Kind.METRIC,
                            "db",
                            "db.replication.lag",
                            new TreeMap<>(Map.of("cloud.region", region == 0 ? "eu" : "us")),
                            List.of(Field.number(Field.VALUE)));
                    builder.add(builder.series(lag), begin + 30_000, lagging[region][minute] ? 9.0 : 0.4);
                }
                events += batch(writer, builder, ++sequence, begin + MINUTE);
            }
        }
        return events;
    }

    private static int batch(HistoryWriter writer, EventBatchBuilder builder, long sequence, long claim)
            throws IOException {
        int events = builder.events();
        byte[] batch = builder.build(new Header("shop-1", 1, sequence, claim, claim + MINUTE, false))
                .encode();
        writer.batch(0, sequence, batch);
        return events;
    }

    /** The incidents as a file that people would write. */
    String incidentsYaml() {
        StringBuilder yaml = new StringBuilder("incidents:\n");
        for (Incident i : incidents) {
            yaml.append(String.format(
                    "- {id: %s, start: \"%s\", end: \"%s\", service: %s, labels: {%s}}%n",
                    i.id(),
                    Instant.ofEpochMilli(i.startMillis()),
                    Instant.ofEpochMilli(i.endMillis()),
                    i.service(),
                    i.labels().containsKey("cloud.region")
                            ? "cloud.region: " + i.labels().get("cloud.region")
                            : ""));
        }
        return yaml.toString();
    }

    /** Writes month.events, incidents.yaml and rules/shop.yaml into a directory: arguments DIR and spans per minute. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Month month = new Month(1, Integer.parseInt(arguments[1]));
        Files.createDirectories(directory.resolve("rules"));
        System.out.println(month.write(directory.resolve("month.events")) + " events");
        Files.writeString(directory.resolve("incidents.yaml"), month.incidentsYaml());
        Files.writeString(directory.resolve("rules/shop.yaml"), RULES);
    }
}
