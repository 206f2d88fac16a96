// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The events topic. All batches of a sidecar go to one partition, chosen by its identity, through one idempotent
 * producer that does not give up, so they stay in order and are written once. Only what a broker refuses for good fails.
 */
public final class KafkaBatchLog implements BatchLog {
    /** What is still under way then stays in the spool. */
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private volatile boolean closed;
    private final String topic;
    private final int hash;
    private int partition = -1;

    /**
     * Has no producer before it is opened.
     *
     * @param overrides Kafka client properties that win over ours
     */
    public KafkaBatchLog(String bootstrapServers, String topic, String sidecar, Map<String, String> overrides) {
        this(() -> new KafkaProducer<>(configuration(bootstrapServers, sidecar, overrides)), topic, sidecar);
    }

    KafkaBatchLog(Supplier<Producer<byte[], byte[]>> producers, String topic, String sidecar) {
        this.producers = producers;
        this.topic = topic;
        CRC32 crc = new CRC32();
        crc.update(sidecar.getBytes(StandardCharsets.UTF_8));
        this.hash = (int) crc.getValue();
    }

    static Map<String, Object> configuration(String bootstrapServers, String sidecar, Map<String, String> overrides) {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(ProducerConfig.CLIENT_ID_CONFIG, "conjunct-ingest-" + sidecar);
        configuration.put(ProducerConfig.ACKS_CONFIG, "all");
        configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configuration.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        configuration.put(ProducerConfig.LINGER_MS_CONFIG, 50);
        configuration.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        configuration.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L * 1024 * 1024);
        configuration.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000L);
        configuration.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        configuration.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        // Brokers that collect their clients' metrics: a library of its own in memory. Ours are for Prometheus.
        configuration.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        configuration.putAll(overrides);
        configuration.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        configuration.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        configuration.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return configuration;
    }

    @Override
    public synchronized void open() {
        if (!closed) {
            producer = producers.get();
        }
    }

    @Override
    public CompletionStage<Void> append(byte[] batch) {
        Producer<byte[], byte[]> opened = requireNonNull(producer, "not open");
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try {
            if (partition < 0) {
                partition = Math.floorMod(hash, opened.partitionsFor(topic).size());
            }
            var unused = opened.send(new ProducerRecord<>(topic, partition, null, batch), (metadata, failure) -> {
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

    /** A producer that fails for good is replaced; one that could not reach the brokers is not to blame. */
    @Override
    public void recover(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return;
        }
        synchronized (this) {
            if (!closed) {
                requireNonNull(producer, "not open").close(Duration.ZERO);
                producer = producers.get();
            }
        }
    }

    /** Whether a batch failed because of its length, and always will. */
    static boolean isTooLarge(Throwable failure) {
        return failure instanceof RecordTooLargeException || failure.getCause() instanceof RecordTooLargeException;
    }

    @Override
    public void close() {
        @Nullable Producer<byte[], byte[]> last;
        synchronized (this) {
            closed = true;
            last = producer;
        }
        if (last != null) {
            last.close(CLOSE);
        }
    }
}
