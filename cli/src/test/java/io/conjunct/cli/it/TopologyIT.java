// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.correlate.Correlator;
import io.conjunct.correlate.CorrelatorSettings;
import io.conjunct.correlate.Topics;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.Recording;
import io.conjunct.engine.Recording.Sent;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.engine.SlowReads;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Live equals replay: the topology on a real broker decides what the engine without Kafka decides, byte for byte. */
final class TopologyIT {
    private static final EngineSettings ENGINE = EngineSettings.of(Duration.ofSeconds(2));
    private static final Recording RECORDING = SlowReads.recording(7, 30_000, Duration.ofMinutes(10));
    private static final List<String> EXPECTED =
            RECORDING.play(ENGINE, SlowReads.rules()).log();

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
    }

    @AfterAll
    static void stopBroker() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void transitions_throughKafka_areThoseOfThePlainEngine(int partitions) throws Exception {
        Topics topics = new Topics("p" + partitions + ".");
        try (Correlator correlator = correlator(topics, partitions)) {
            publishRules(correlator);
            send(topics, sent(partitions));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(committed(topics.alerts())).hasSizeGreaterThanOrEqualTo(EXPECTED.size()));
        }
        assertThat(committed(topics.alerts())).isEqualTo(EXPECTED);
    }

    @Test
    void transitions_acrossRestarts_areThoseOfThePlainEngine() throws Exception {
        Topics topics = new Topics("restart.");
        List<Sent> sent = sent(3);
        int third = sent.size() / 3;
        try (Correlator correlator = correlator(topics, 3)) {
            publishRules(correlator);
            send(topics, sent.subList(0, third));
            await().until(() -> !committed(topics.alerts()).isEmpty());
        }
        try (Correlator correlator = correlator(topics, 3)) {
            await().until(() -> correlator.notReady().isEmpty());
            send(topics, sent.subList(third, 2 * third));
        }
        send(topics, sent.subList(2 * third, sent.size()));
        try (Correlator correlator = correlator(topics, 3)) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(committed(topics.alerts())).hasSizeGreaterThanOrEqualTo(EXPECTED.size()));
        }
        assertThat(committed(topics.alerts())).isEqualTo(EXPECTED);
    }

    private static List<Sent> sent(int partitions) {
        return RECORDING.sent(
                ENGINE, partitions, new Random(partitions), Duration.ofSeconds(2), Duration.ofMillis(500));
    }

    private static void publishRules(Correlator correlator) {
        correlator.publish(new RuleUpdate("r1", Recording.START, List.of()));
    }

    private static Correlator correlator(Topics topics, int partitions) throws InterruptedException {
        CorrelatorSettings settings = new CorrelatorSettings(
                broker.bootstrap(),
                topics.prefix(),
                "it",
                directory.resolve(topics.prefix()),
                ENGINE,
                Recording.LATENESS,
                2,
                partitions,
                1,
                1,
                false,
                true,
                Map.of());
        return Correlator.start(settings, update -> SlowReads.rules(), new PrometheusRegistry(), tick -> {});
    }

    private static void send(Topics topics, List<Sent> batches) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrap());
        properties.put("acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Sent batch : batches) {
                var unused = producer.send(new ProducerRecord<>(
                        topics.events(), batch.partition(), null, batch.batch().encode()));
            }
            producer.flush();
        }
    }

    /** All committed records of a topic, in order. */
    private static List<String> committed(String topic) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrap());
        properties.put("isolation.level", "read_committed");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
