// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import io.conjunct.event.EventBatch;
import io.conjunct.event.MalformedBatchException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The events of a topic from its beginning to its present end, each batch once, as the engine counts them.
 *
 * @param events in batches that had not come before
 * @param batches of them
 * @param duplicates batches that had come before
 */
record TopicCount(long events, long batches, long duplicates) {
    private record Position(long epoch, long sequence) {}

    static TopicCount of(String bootstrap, String topic) throws MalformedBatchException {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        Map<String, Position> last = new HashMap<>();
        long events = 0;
        long batches = 0;
        long duplicates = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(
                            0, consumer.partitionsFor(topic).size())
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    EventBatch batch = EventBatch.decode(record.value());
                    EventBatch.Header header = batch.header();
                    Position known = last.getOrDefault(header.sidecar(), new Position(-1, -1));
                    if (header.epoch() < known.epoch
                            || header.epoch() == known.epoch && header.sequence() <= known.sequence) {
                        duplicates++;
                        continue;
                    }
                    last.put(header.sidecar(), new Position(header.epoch(), header.sequence()));
                    events += batch.events();
                    batches++;
                }
            }
        }
        return new TopicCount(events, batches, duplicates);
    }
}
