// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.engine.RuleUpdate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the compacted rules topic from its beginning, without a consumer group: every reader sees all of it. For one
 * thread. Holds one update, at most 8 MiB, and a line per task.
 */
public final class RulesReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RulesReader.class);
    private static final String API_TIMEOUT_MILLIS = "10000";
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final boolean confirmations;
    private PublishedRules rules = PublishedRules.NONE;

    /** Opens without asking the broker, which may come later. */
    public static RulesReader ofAll(String bootstrap, Topics topics, Map<String, String> kafka) {
        return new RulesReader(bootstrap, topics, kafka, true);
    }

    /**
     * The same for those who only want to know what was published: what the tasks say is left out, so a transaction of
     * theirs that hangs holds nothing back.
     */
    public static RulesReader ofLatest(String bootstrap, Topics topics, Map<String, String> kafka) {
        return new RulesReader(bootstrap, topics, kafka, false);
    }

    private RulesReader(String bootstrap, Topics topics, Map<String, String> kafka, boolean confirmations) {
        this.confirmations = confirmations;
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put("bootstrap.servers", bootstrap);
        properties.put("isolation.level", confirmations ? "read_committed" : "read_uncommitted");
        properties.put("allow.auto.create.topics", "false");
        properties.put("default.api.timeout.ms", API_TIMEOUT_MILLIS);
        properties.put("max.partition.fetch.bytes", Topics.MAX_MESSAGE_BYTES);
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.metrics.push", "false");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        partition = new TopicPartition(topics.rules(), 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Reads what has come since the last call, waiting for it at most this long. */
    public PublishedRules poll(Duration atMost) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(atMost)) {
            take(record);
        }
        return rules;
    }

    /**
     * Reads all that is there now.
     *
     * @throws KafkaException when the broker does not answer within 10 s
     */
    public PublishedRules readAll() {
        if (consumer.listTopics().get(partition.topic()) == null) {
            return rules;
        }
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long patience = System.nanoTime()
                + Duration.ofMillis(Long.parseLong(API_TIMEOUT_MILLIS)).toNanos();
        while (consumer.position(partition) < end) {
            poll(POLL);
            if (System.nanoTime() > patience) {
                throw new org.apache.kafka.common.errors.TimeoutException(
                        "the broker sends nothing more of " + partition.topic());
            }
        }
        return rules;
    }

    OptionalInt partitionsOf(String topic) {
        List<PartitionInfo> partitions = consumer.listTopics().get(topic);
        return partitions == null ? OptionalInt.empty() : OptionalInt.of(partitions.size());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            return;
        }
        try {
            if (key.equals(RulePublisher.LATEST)) {
                rules = rules.with(RuleUpdate.decode(record.value()));
            } else if (confirmations && key.startsWith(RulesInForce.KEY)) {
                rules = rules.with(
                        Integer.parseInt(key.substring(RulesInForce.KEY.length())), RulesInForce.read(record.value()));
            }
        } catch (IOException | NumberFormatException e) {
            LOG.warn(
                    "a record of {} at offset {} cannot be read and is left out: {}",
                    record.topic(),
                    record.offset(),
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
