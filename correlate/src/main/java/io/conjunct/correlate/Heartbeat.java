// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Header;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps time moving in partitions without a live sidecar: once a second every partition of the event log gets a batch
 * without events that promises what a punctual sidecar would. It is data like any other, so decisions stay a function of
 * the log. A sidecar that lags still holds its partition back, because the lowest promise counts.
 */
final class Heartbeat implements AutoCloseable {
    private static final long PERIOD_MILLIS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final String sender;
    private final long epoch;
    private final InstantSource clock;
    private final Duration allowedLateness;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "heartbeat");
        thread.setDaemon(true);
        return thread;
    });
    private long sequence;

    Heartbeat(
            KafkaProducer<byte[], byte[]> producer,
            String topic,
            int partitions,
            String instance,
            Duration allowedLateness,
            InstantSource clock) {
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
        this.sender = "heartbeat/" + instance;
        this.epoch = clock.millis();
        this.clock = clock;
        this.allowedLateness = allowedLateness;
    }

    void start() {
        var unused = timer.scheduleAtFixedRate(this::beat, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A beat that fails must not end the schedule: the next one makes it good. */
    private void beat() {
        try {
            send(false);
        } catch (KafkaException failed) {
            LOG.warn("a heartbeat was not sent: {}", failed.toString());
        }
    }

    private synchronized void send(boolean leaving) {
        long now = clock.millis();
        sequence++;
        Header header = new Header(sender, epoch, sequence, now - allowedLateness.toMillis(), now, leaving);
        byte[] record = EventBatch.heartbeat(header).encode();
        for (int partition = 0; partition < partitions; partition++) {
            // Nobody waits for the answer either.
            var unused = producer.send(new ProducerRecord<>(topic, partition, null, record));
        }
    }

    /** Says goodbye, so that this sender's silence holds nobody back. */
    @Override
    public synchronized void close() {
        timer.shutdownNow();
        if (sequence > 0) {
            send(true);
            producer.flush();
        }
    }
}
