// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The events topic, with Kafka's own fake producer. */
class KafkaBatchLogTest {
    private static final Node NODE = new Node(1, "localhost", 9092);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(cluster(6), false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final KafkaBatchLog log = new KafkaBatchLog(() -> producer, "conjunct.events", "sidecar-1");

    @BeforeEach
    void open() {
        log.open();
    }

    @Test
    void batchesOfASidecar_keepToOnePartitionWithoutKey() {
        for (int i = 0; i < 10; i++) {
            log.append(new byte[] {(byte) i});
        }
        List<ProducerRecord<byte[], byte[]>> sent = producer.history();
        assertThat(sent).hasSize(10).extracting(ProducerRecord::key).containsOnlyNulls();
        assertThat(sent.stream().map(ProducerRecord::partition).distinct()).hasSize(1);
        assertThat(sent.get(0).topic()).isEqualTo("conjunct.events");
    }

    @Test
    void append_completesWithTheAcknowledgement() {
        CompletableFuture<Void> appended = log.append(new byte[1]).toCompletableFuture();
        assertThat(appended).isNotDone();
        producer.completeNext();
        assertThat(appended).isCompleted();
    }

    @Test
    void append_thatTheBrokerRefuses_fails() {
        CompletableFuture<Void> appended = log.append(new byte[1]).toCompletableFuture();
        producer.errorNext(new TimeoutException("no answer"));
        assertThat(appended).isCompletedExceptionally();
    }

    @Test
    void append_withoutMetadata_failsInsteadOfThrowing() {
        producer.partitionsForException = new TimeoutException("no broker");
        assertThat(log.append(new byte[1]).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void configuration_isIdempotentAndPatient_andTakesOverrides() {
        Map<String, Object> configuration =
                KafkaBatchLog.configuration("localhost:9092", "sidecar-1", Map.of("compression.type", "zstd"));
        assertThat(configuration)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("delivery.timeout.ms", Integer.MAX_VALUE)
                .containsEntry("compression.type", "zstd");
        new KafkaProducer<byte[], byte[]>(configuration).close(Duration.ZERO);
    }

    private static Cluster cluster(int partitions) {
        Node[] nodes = {NODE};
        List<PartitionInfo> infos = java.util.stream.IntStream.range(0, partitions)
                .mapToObj(p -> new PartitionInfo("conjunct.events", p, NODE, nodes, nodes))
                .toList();
        return new Cluster("id", List.of(NODE), infos, java.util.Set.of(), java.util.Set.of());
    }
}
