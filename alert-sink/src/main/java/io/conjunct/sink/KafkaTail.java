// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Follows all partitions of a topic without a consumer group, from its beginning or a time. Used by one thread. One reading takes
 * at most {@value #MAX_SECONDS} s, then it fails, and the next goes on from there.
 */
final class KafkaTail implements DeliveryLog.Tail, AutoCloseable {
    private static final int MAX_SECONDS = 30;
    private static final int MAKE_SECONDS = 5;
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<String, String> consumer;
    private final String topic;
    private final Runnable maker;
    private final Optional<Instant> from;

    /**
     * @param maker called when the topic does not exist
     */
    KafkaTail(Consumer<String, String> consumer, String topic, Runnable maker) {
        this(consumer, topic, maker, Optional.empty());
    }

    /**
     * @param from begins at the first record of this time; at the beginning when empty
     */
    KafkaTail(Consumer<String, String> consumer, String topic, Runnable maker, Optional<Instant> from) {
        this.consumer = consumer;
        this.topic = topic;
        this.maker = maker;
        this.from = from;
    }

    @Override
    public void read(Taker taker) {
        long deadline = System.nanoTime() + Duration.ofSeconds(MAX_SECONDS).toNanos();
        if (consumer.assignment().isEmpty()) {
            List<TopicPartition> partitions = partitions();
            Map<TopicPartition, Long> start = start(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            start.forEach(consumer::seek);
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() - deadline > 0) {
                throw new KafkaException("topic " + topic + " was not read to its end in " + MAX_SECONDS + " s");
            }
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                if (record.value() != null) {
                    taker.take(record.value());
                }
            }
        }
    }

    /** Where to begin, unless at the beginning. */
    private Map<TopicPartition, Long> start(List<TopicPartition> partitions) {
        Map<TopicPartition, Long> start = new HashMap<>();
        if (from.isPresent()) {
            start.putAll(consumer.endOffsets(partitions));
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(each -> times.put(each, from.get().toEpochMilli()));
            consumer.offsetsForTimes(times).forEach((partition, found) -> {
                if (found != null) {
                    start.put(partition, found.offset());
                }
            });
        }
        return start;
    }

    /** The topic's partitions. It is made where it is missing; a broker may know it only a moment later. */
    private List<TopicPartition> partitions() {
        List<TopicPartition> partitions = known();
        if (partitions.isEmpty()) {
            maker.run();
            partitions = known();
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(MAKE_SECONDS).toNanos();
        while (partitions.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new KafkaException("topic " + topic + " does not exist");
            }
            LockSupport.parkNanos(POLL.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptException("interrupted while topic " + topic + " was being made");
            }
            partitions = known();
        }
        return partitions;
    }

    private List<TopicPartition> known() {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
