// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The events topic. All batches of a sidecar go to one partition, chosen by its identity, through one idempotent
 * producer, so they stay in order and are written once. A batch that the brokers did not acknowledge in time is given up:
 * its clients were told, and send its events again.
 */
public final class KafkaBatchLog implements BatchLog {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final int hash;
    private int partition = -1;

    /**
     * @param timeout after which an unacknowledged batch is given up, at least one second
     * @param overrides Kafka client properties that win over ours
     */
    public KafkaBatchLog(
            String bootstrapServers, String topic, String sidecar, Duration timeout, Map<String, String> overrides) {
        this(new KafkaProducer<>(configuration(bootstrapServers, sidecar, timeout, overrides)), topic, sidecar);
    }

    KafkaBatchLog(Producer<byte[], byte[]> producer, String topic, String sidecar) {
        this.producer = producer;
        this.topic = topic;
        CRC32 crc = new CRC32();
        crc.update(sidecar.getBytes(StandardCharsets.UTF_8));
        this.hash = (int) crc.getValue();
    }

    static Map<String, Object> configuration(
            String bootstrapServers, String sidecar, Duration timeout, Map<String, String> overrides) {
        long millis = timeout.toMillis();
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(ProducerConfig.CLIENT_ID_CONFIG, "conjunct-ingest-" + sidecar);
        configuration.put(ProducerConfig.ACKS_CONFIG, "all");
        configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configuration.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        configuration.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        configuration.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        configuration.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * 1024 * 1024);
        configuration.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        configuration.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(millis, 3_000));
        configuration.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) millis);
        configuration.putAll(overrides);
        configuration.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        configuration.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        configuration.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return configuration;
    }

    @Override
    public CompletionStage<Void> append(byte[] batch) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try {
            if (partition < 0) {
                partition = Math.floorMod(hash, producer.partitionsFor(topic).size());
            }
            var unused = producer.send(new ProducerRecord<>(topic, partition, null, batch), (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.complete(null);
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
