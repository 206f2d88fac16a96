// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.http.Endpoint;
import io.conjunct.sink.pagerduty.PagerDutySettings;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sinks that die and are started again over the same logs: alerts, deliveries and committed offsets outlive them, and so
 * do the receivers, a strict PagerDuty and a chat that shows every message it takes. A crash is an error thrown at one of
 * the points around every append, request and commit; nothing of the sink survives it. One thread, a clock that jumps.
 */
final class CrashRig implements AutoCloseable {
    static final TopicPartition P0 = new TopicPartition("conjunct.alerts", 0);
    static final String KEY = "0123456789abcdef0123456789abcdef";

    /** The process is gone. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash(String at) {
            super(at);
        }
    }

    final ManualClock clock = new ManualClock();
    final FakePagerDuty pagerDuty = FakePagerDuty.start(clock);
    final List<String> chat = new ArrayList<>();
    final List<Alert> chatAlerts = new ArrayList<>();
    final List<Alert> alerts = new ArrayList<>();
    final Kafka kafka = new Kafka();
    /** What the chat answers instead of taking a message, one per request. */
    final List<Outcome> chatAnswers = new ArrayList<>();

    IntPredicate crashes = point -> false;
    Optional<Fallback> fallback = Optional.empty();
    List<String> route = List.of("oncall", "chat");
    int points;
    int kills;
    long committed;
    long leaseNanos;

    /** What lies in Kafka. */
    final class Kafka extends MockProducer<String, String> {
        Runnable appended = () -> {};

        Kafka() {
            super(true, null, new StringSerializer(), new StringSerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<String, String> entry, Callback callback) {
            hit("append");
            Future<RecordMetadata> sent = super.send(entry, callback);
            hit("appended");
            appended.run();
            return sent;
        }
    }

    void hit(String at) {
        if (crashes.test(points++)) {
            kills++;
            throw new Crash(at);
        }
    }

    /** One life of a sink. */
    final class Life implements AutoCloseable {
        final Bench bench = new Bench(clock, Duration.ofSeconds(10));
        final Lease lease = new Lease(() -> leaseNanos);
        final Map<String, Lane> lanes = new LinkedHashMap<>();
        final AlertLoop loop;
        final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
                hit("commit");
                super.commitSync(offsets, timeout);
                offsets.values().forEach(each -> committed = Math.max(committed, each.offset()));
                hit("committed");
            }
        };

        Life() {
            ReceiverSettings pages = new PagerDutySettings(Endpoint.of(pagerDuty.url()), new Secret(KEY));
            Receivers receivers = new Receivers(
                    Map.of(
                            "oncall",
                            pages,
                            "chat",
                            around -> CrashRig.this::post,
                            "spare",
                            around -> CrashRig.this::post),
                    List.of(new Route(Optional.empty(), Optional.empty(), Map.of(), route)),
                    fallback,
                    Hooks.NONE,
                    new AllowedHosts(List.of("127.0.0.1")));
            DeliveryLog log = new DeliveryLog(
                    kafka,
                    "conjunct.deliveries",
                    taker -> kafka.history().stream()
                            .filter(entry -> entry.topic().equals("conjunct.deliveries"))
                            .forEach(entry -> taker.take(entry.value())),
                    clock,
                    bench.metrics);
            Lane.Shared shared = new Lane.Shared(
                    new Outbox(log, lease::held, bench.metrics),
                    new Wording(clock, alert -> Optional.empty()),
                    new Notices(receivers, lanes, bench.metrics, clock),
                    new DeadLetters(kafka, "conjunct.dead-letters", clock, bench.metrics),
                    bench.metrics,
                    clock);
            receivers.byName().forEach((name, settings) -> {
                Receiver receiver = settings.open(bench.around);
                Receiver fragile = alert -> {
                    hit("send");
                    Outcome outcome = receiver.deliver(alert);
                    hit("sent");
                    return outcome;
                };
                lanes.put(name, new Lane(name, fragile, Lane.CAPACITY, new Random(7), shared));
            });
            Demotions demotions = new Demotions(Demotions.Known.NOTHING, receivers, log, bench.metrics);
            loop = new AlertLoop(consumer, P0.topic(), receivers, lanes, log, demotions, lease, bench.metrics, clock);
            loop.subscribe();
            consumer.updateBeginningOffsets(Map.of(P0, committed));
            consumer.rebalance(List.of(P0));
            for (long offset = committed; offset < alerts.size(); offset++) {
                byte[] value = AlertJson.write(alerts.get((int) offset)).getBytes(StandardCharsets.UTF_8);
                consumer.addRecord(new ConsumerRecord<>(P0.topic(), 0, offset, new byte[0], value));
            }
        }

        /** Until all is committed, or for so many turns. */
        void run(int turns) throws InterruptedException {
            for (int i = 0; i < turns && committed < alerts.size(); i++) {
                loop.turn();
                Duration pause = Duration.ofSeconds(1);
                for (Lane lane : lanes.values()) {
                    Duration rest = lane.step();
                    pause = rest.compareTo(pause) < 0 ? rest : pause;
                }
                clock.advance(pause);
                leaseNanos += pause.toNanos();
            }
        }

        @Override
        public void close() {
            bench.close();
        }
    }

    private Outcome post(Alert alert) {
        if (!chatAnswers.isEmpty()) {
            return chatAnswers.remove(0);
        }
        chat.add(alert.name() + " " + alert.labels().getOrDefault("service", "") + " " + alert.startsAtMillis() + " "
                + alert.state().word());
        chatAlerts.add(alert);
        return new Outcome.Delivered();
    }

    /** Lives one sink after another until all is told. */
    void runToTheEnd() throws InterruptedException {
        for (int lives = 0; lives < 1_000 && committed < alerts.size(); lives++) {
            try (Life life = new Life()) {
                life.run(5_000);
            } catch (Crash crash) {
                // The next life.
            }
        }
    }

    @Override
    public void close() {
        pagerDuty.close();
        kafka.close();
    }
}
