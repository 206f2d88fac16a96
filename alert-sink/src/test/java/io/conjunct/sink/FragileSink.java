// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Receipts;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The alert sink in a process of its own that ends, as {@code kill -9} ends it, or stops, as {@code SIGSTOP} stops it, at
 * one point of its work. Arguments: bootstrap servers, topic prefix, receivers file, {@code POINT:N} (its N-th time, or
 * {@code never:0}), {@code halt} or {@code stop}. The sink itself knows nothing of it: its clients and receivers do it.
 */
public final class FragileSink {
    /** Where it can end, before and after the thing is done. */
    public enum Point {
        READ,
        JOURNAL_INTENT,
        HTTP_SENT,
        HTTP_202,
        JOURNAL_DONE,
        OFFSET_COMMITTED;

        /** As the second argument writes it. */
        public String before() {
            return name().toLowerCase(Locale.ROOT) + "-before";
        }

        public String after() {
            return name().toLowerCase(Locale.ROOT) + "-after";
        }
    }

    private static final int KILLED = 137;

    private final String point;
    private final int nth;
    private final boolean stops;
    private final AtomicInteger hits = new AtomicInteger();

    private FragileSink(String plan, boolean stops) {
        int colon = plan.indexOf(':');
        point = plan.substring(0, colon);
        nth = Integer.parseInt(plan.substring(colon + 1));
        this.stops = stops;
    }

    public static void main(String[] arguments) throws Exception {
        FragileSink fragile = new FragileSink(arguments[3], arguments[4].equals("stop"));
        SinkSettings settings = new SinkSettings(
                arguments[0],
                arguments[1],
                arguments[1] + "sink",
                fragile.receivers(Receivers.load(Path.of(arguments[2]))),
                System.out,
                Map.of(),
                java.time.InstantSource.system());
        KafkaTail tail = new KafkaTail(
                new KafkaConsumer<>(
                        AlertSink.tailProperties(settings), new StringDeserializer(), new StringDeserializer()),
                settings.deliveriesTopic(),
                new SinkTopics(settings)::make);
        AlertSink sink = new AlertSink(
                settings,
                new PrometheusRegistry(),
                fragile.new Consumer(settings),
                fragile.new Producer(settings),
                tail,
                Optional.empty(),
                Optional.empty());
        System.out.println("started " + sink.notReady().orElse(""));
        new CountDownLatch(1).await();
    }

    private void hit(String at) {
        if (at.equals(point) && hits.incrementAndGet() == nth) {
            if (!stops) {
                Runtime.getRuntime().halt(KILLED);
            }
            stop();
        }
    }

    /** SIGSTOP to ourselves; whoever wants us on sends SIGCONT. */
    private static void stop() {
        String self = Long.toString(ProcessHandle.current().pid());
        try {
            System.out.println("stopping");
            new ProcessBuilder("kill", "-STOP", self).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Receivers receivers(Receivers receivers) {
        Map<String, ReceiverSettings> fragile = new LinkedHashMap<>();
        receivers.byName().forEach((name, settings) -> fragile.put(name, around -> fragile(settings.open(around))));
        return new Receivers(
                fragile, receivers.routes(), receivers.fallback(), receivers.hooks(), receivers.allowedHosts());
    }

    private Receiver fragile(Receiver receiver) {
        return new Receiver() {
            @Override
            public Outcome deliver(Alert alert) throws InterruptedException {
                return deliver(alert, Receipts.NONE);
            }

            @Override
            public Outcome deliver(Alert alert, Receipts receipts) throws InterruptedException {
                hit(Point.HTTP_SENT.before());
                Outcome outcome = receiver.deliver(alert, receipts);
                if (outcome instanceof Outcome.Delivered) {
                    hit(Point.HTTP_202.after());
                }
                return outcome;
            }
        };
    }

    private final class Consumer extends KafkaConsumer<byte[], byte[]> {
        Consumer(SinkSettings settings) {
            super(AlertSink.consumerProperties(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            hit(Point.READ.before());
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            if (!records.isEmpty()) {
                hit(Point.READ.after());
            }
            return records;
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            hit(Point.OFFSET_COMMITTED.before());
            super.commitSync(offsets, timeout);
            hit(Point.OFFSET_COMMITTED.after());
        }
    }

    private final class Producer extends KafkaProducer<String, String> {
        Producer(SinkSettings settings) {
            super(AlertSink.producerProperties(settings), new StringSerializer(), new StringSerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<String, String> entry, Callback callback) {
            boolean intent = entry.value().contains("_intent\"");
            Point written = intent ? Point.JOURNAL_INTENT : Point.JOURNAL_DONE;
            boolean counts = entry.topic().endsWith("deliveries");
            if (counts) {
                hit(written.before());
            }
            return super.send(entry, (metadata, problem) -> {
                if (counts && problem == null) {
                    hit(written.after());
                }
                if (callback != null) {
                    callback.onCompletion(metadata, problem);
                }
            });
        }
    }
}
