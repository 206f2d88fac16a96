// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.LegPages;
import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchBuilder;
import io.conjunct.event.Exemplar;
import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import io.conjunct.rule.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A recording of events, to be played through an engine in any way that sidecars might send it. Times are given as
 * distances from {@link #START}.
 */
public final class Recording {
    /** A tick boundary of every tick length used in tests. */
    public static final long START = 1_760_000_400_000L;

    public static final Duration LATENESS = Duration.ofSeconds(5);

    private final List<Timed> events = new ArrayList<>();
    private long end;

    /** One event at a time. */
    public record Timed(long time, Series series, Object[] values) {}

    /** What came out of a run. */
    public static final class Outcome implements Decisions {
        public final List<Alert> alerts = new ArrayList<>();
        public final List<GroupTick> ticks = new ArrayList<>();
        public final List<LegPages> legs = new ArrayList<>();

        @Override
        public void legs(LegPages today) {
            legs.add(today);
        }

        @Override
        public void alert(Alert alert) {
            alerts.add(alert);
        }

        @Override
        public void tick(GroupTick tick) {
            ticks.add(tick);
        }

        /** Every transition as it would stand in the topic. */
        public List<String> log() {
            return alerts.stream().map(AlertJson::write).toList();
        }

        /** Every transition in short: {@code 70s Name{labels} firing}. */
        public List<String> story() {
            return alerts.stream()
                    .map(a -> (a.atMillis() - START) / 1000 + "s " + a.identity() + " "
                            + a.state().word()
                            + (a.reason().isEmpty() || a.reason().startsWith("because") ? "" : " (" + a.reason() + ")"))
                    .toList();
        }
    }

    public Recording span(Duration at, String service, String name, Map<String, String> attributes, Duration took) {
        return add(at, Series.span(service, name, attributes), took.toNanos());
    }

    public Recording event(Duration at, String service, String name, Map<String, String> attributes) {
        return add(at, new Series(Kind.EVENT, service, name, new TreeMap<>(attributes), List.of()));
    }

    public Recording metric(Duration at, String service, String name, Map<String, String> attributes, double value) {
        return add(
                at,
                new Series(Kind.METRIC, service, name, new TreeMap<>(attributes), List.of(Field.number(Field.VALUE))),
                value);
    }

    public Recording add(Duration at, Series series, Object... values) {
        events.add(new Timed(START + at.toMillis(), series, values));
        end = Math.max(end, START + at.toMillis());
        return this;
    }

    /** Lets time pass without events. */
    public Recording until(Duration at) {
        end = Math.max(end, START + at.toMillis());
        return this;
    }

    public List<Timed> events() {
        return events;
    }

    /** Plays everything in order through one partition. */
    public Outcome play(EngineSettings settings, RuleSet rules) {
        return play(settings, rules, 1, new Random(1), Duration.ZERO, Duration.ofSeconds(1));
    }

    /**
     * Plays everything the way several sidecars would send it.
     *
     * @param partitions of the event log, one sidecar each; events are spread at random
     * @param disorder how much later than it happened an event may be sent, below {@link #LATENESS}
     * @param batching how long a batch is filled
     */
    public Outcome play(
            EngineSettings settings,
            RuleSet rules,
            int partitions,
            Random random,
            Duration disorder,
            Duration batching) {
        Outcome outcome = new Outcome();
        LocalEngine engine = new LocalEngine(settings, update -> rules, partitions, 1, outcome);
        engine.rules(new RuleUpdate(rules.revision(), START, List.of()));
        for (Sent batch : sent(settings, partitions, random, disorder, batching)) {
            engine.batch(batch.partition(), batch.batch());
        }
        return outcome;
    }

    /** A batch on its way to a partition. */
    public record Sent(int partition, long at, EventBatch batch) {}

    /** All batches, interleaved at random between partitions but in order within each. */
    public List<Sent> sent(
            EngineSettings settings, int partitions, Random random, Duration disorder, Duration batching) {
        Map<Integer, List<Timed>> byPartition = new HashMap<>();
        Map<Timed, Long> arrival = new HashMap<>();
        for (Timed event : events) {
            long delay = disorder.isZero() ? 0 : random.nextLong(disorder.toMillis());
            arrival.put(event, event.time() + delay);
            byPartition
                    .computeIfAbsent(random.nextInt(partitions), p -> new ArrayList<>())
                    .add(event);
        }
        List<Sent> all = new ArrayList<>();
        long last = end + LATENESS.toMillis() + 2 * settings.tickMillis() + disorder.toMillis();
        for (int partition = 0; partition < partitions; partition++) {
            List<Timed> mine = new ArrayList<>(byPartition.getOrDefault(partition, List.of()));
            mine.sort(Comparator.comparing(arrival::get));
            long jitter = partitions == 1 ? 0 : random.nextInt(700);
            int next = 0;
            long sequence = 0;
            for (long now = START + batching.toMillis() + jitter; now <= last + jitter; now += batching.toMillis()) {
                EventBatchBuilder builder = new EventBatchBuilder(settings.tickMillis());
                while (next < mine.size() && arrival.getOrDefault(mine.get(next), 0L) <= now) {
                    Timed event = mine.get(next++);
                    int series = builder.series(event.series());
                    builder.add(series, event.time(), event.values());
                    if (event.series().kind() == Kind.SPAN) {
                        builder.offerExemplar(
                                series,
                                new Exemplar(
                                        String.format("%016x%016x", event.time(), (Long) event.values()[0]),
                                        event.time(),
                                        (Long) event.values()[0],
                                        "error".equals(event.series().get(Series.STATUS))));
                    }
                }
                Header header =
                        new Header("sidecar-" + partition, 1, ++sequence, now - LATENESS.toMillis(), now, false);
                all.add(new Sent(partition, now, builder.build(header)));
            }
        }
        List<Sent> shuffled = new ArrayList<>();
        // Interleave: partitions drift apart by up to a few seconds, each stays in order.
        Map<Integer, Long> drift = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            drift.put(partition, partitions == 1 ? 0L : random.nextLong(5_000));
        }
        all.stream()
                .sorted(Comparator.comparingLong((Sent s) -> s.at() + drift.getOrDefault(s.partition(), 0L))
                        .thenComparing(Sent::partition))
                .forEach(shuffled::add);
        return shuffled;
    }
}
