// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Topics of text at one broker, read to where they end now. There is no consumer group, so reading changes nothing; what
 * comes in meanwhile is left out, and so is what a transaction did not commit.
 */
public final class TopicText {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String bootstrap;

    /**
     * Opens nothing yet.
     *
     * @param bootstrap Kafka's addresses
     */
    public TopicText(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /**
     * Gives away the records that have a value, partition by partition in their order.
     *
     * @return whether there is such a topic
     * @throws KafkaException when the broker does not answer within 10 s, or sends nothing more for 30 s before the end
     */
    public boolean read(String topic, Consumer<ConsumerRecord<String, String>> taker) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                bootstrap,
                "isolation.level",
                "read_committed",
                "allow.auto.create.topics",
                false,
                "default.api.timeout.ms",
                10_000);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                return false;
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                ConsumerRecords<String, String> polled = consumer.poll(POLL);
                for (ConsumerRecord<String, String> record : polled) {
                    if (record.value() != null) {
                        taker.accept(record);
                    }
                }
                deadline = polled.isEmpty() ? deadline : System.nanoTime() + PATIENCE.toNanos();
                if (System.nanoTime() - deadline > 0) {
                    throw new KafkaException("nothing came for " + PATIENCE.toSeconds() + " s before its end");
                }
            }
            return true;
        }
    }
}
