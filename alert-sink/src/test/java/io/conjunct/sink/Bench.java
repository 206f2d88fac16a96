// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.http.Outbound;
import io.conjunct.sink.message.RecentPages;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Surroundings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A lane without its thread, real HTTP, and a clock that jumps over the pauses: timelines of hours run in milliseconds,
 * each step where the test wants it.
 */
public final class Bench implements AutoCloseable {
    static final TopicPartition PARTITION = new TopicPartition("conjunct.alerts", 0);

    final ManualClock clock;
    final PrometheusRegistry registry = new PrometheusRegistry();
    final SinkMetrics metrics = new SinkMetrics(registry);
    final Books books = new Books(registry);
    final MockProducer<String, String> producer =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    final DeadLetters deadLetters;
    final ByteArrayOutputStream console = new ByteArrayOutputStream();
    final RecentPages pages = new RecentPages();
    final Outbound http;
    final Surroundings around;
    final Offsets offsets = new Offsets();
    final MockProducer<String, String> deliveries =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    final DeliveryLog log;
    final Lane.Shared shared;
    final List<Lane> lanes = new ArrayList<>();
    /** Every pause the lane asked for, in order. */
    final List<Duration> pauses = new ArrayList<>();

    private long offset;

    public Bench(ManualClock clock, Duration deadline) {
        this.clock = clock;
        deadLetters = new DeadLetters(producer, "conjunct.dead-letters", clock, metrics);
        log = new DeliveryLog(
                deliveries,
                "conjunct.deliveries",
                taker -> deliveries.history().forEach(entry -> taker.take(entry.value())),
                clock,
                metrics);
        shared = new Lane.Shared(
                new Outbox(log, () -> true, metrics),
                new Wording(clock, alert -> Optional.empty()),
                new Notices(Receivers.console(), Map.of(), metrics, clock),
                deadLetters,
                metrics,
                clock);
        http = new Outbound(
                new AllowedHosts(List.of("127.0.0.1")), clock, metrics::redirectRefused, deadline, deadline);
        around = new Surroundings(http, new PrintStream(console, true, StandardCharsets.UTF_8), clock, pages);
    }

    public Bench() {
        this(new ManualClock(), Duration.ofSeconds(10));
    }

    Lane lane(String name, ReceiverSettings settings) {
        Lane lane = new Lane(name, settings.open(around), Lane.CAPACITY, new Random(42), shared);
        lanes.add(lane);
        metrics.show(List.of(lane), clock);
        return lane;
    }

    /** Reads one alert for this lane. */
    void give(Lane lane, Alert alert) {
        metrics.read(1);
        lane.offer(new Delivery(alert, offsets.read(PARTITION, offset++, 1), clock.instant()));
    }

    /** Reads one alert of a group for this lane. */
    void give(Lane lane, Alert alert, String group) {
        metrics.read(1);
        lane.offer(new Delivery(
                alert,
                offsets.read(PARTITION, offset++, 1),
                clock.instant(),
                group,
                Optional.empty(),
                Optional.empty()));
    }

    /** What would be committed: how many of the alerts given are over, from the first. */
    long committable() {
        var position = offsets.committable().get(PARTITION);
        return position == null ? -1 : position.offset();
    }

    /** Runs the lane until nothing waits, jumping over pauses; at most {@code steps} attempts and pauses. */
    void run(Lane lane, int steps) throws InterruptedException {
        for (int i = 0; i < steps && lane.queued() > 0; i++) {
            Duration pause = lane.step();
            if (!pause.isZero()) {
                pauses.add(pause);
                clock.advance(pause);
            }
        }
    }

    String printed() {
        return console.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
        metrics.close();
    }
}
