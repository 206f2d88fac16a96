// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A killed process leaves a transaction behind, and its coordinator may have forgotten it. */
class HangingTransactionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String GROUP = "readers";
    private static final TopicPartition RECORDS = new TopicPartition(Records.TOPIC, 0);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void restart_withATransactionThatTheCoordinatorForgot_abortsItAndGivesTheOffsetsBack() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            Records.createTopic(broker.bootstrap());
            KafkaProducer<String, String> committing = transactional(broker);
            begin(committing, 1, Instant.now());
            committing.commitTransaction();
            committing.close();
            KafkaProducer<String, String> killed = transactional(broker);
            begin(killed, 2, Instant.now());
            // Without patience it does not abort.
            killed.close(Duration.ZERO);
            assertThat(partitionsWithOpenTransactions(broker)).isEqualTo(2);
        }
        forgetTransactions();

        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            assertThat(committedOffset(broker)).as("what was committed").isEqualTo(1);
            // One transaction, held open by the records and by the group's offsets.
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(broker.hangingTransactionsAborted()).isEqualTo(2));
            assertThat(partitionsWithOpenTransactions(broker)).isZero();
        }
    }

    @Test
    void look_atATransactionThatGoesOn_leavesItAlone() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            Records.createTopic(broker.bootstrap());
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
                KafkaProducer<String, String> live = transactional(broker);
                HangingTransactions looking = new HangingTransactions(broker.bootstrap(), Instant.now())) {
            // As old as event time can be: only the coordinator knows that it goes on.
            begin(live, 7, Instant.EPOCH);
            for (int look = 0; look < 3; look++) {
                assertThat(looking.look()).as("something is left to look at").isTrue();
            }
            assertThat(looking.aborted()).isZero();
            live.commitTransaction();

            await().atMost(PATIENCE).until(() -> !looking.look());
            assertThat(committedOffset(broker)).isEqualTo(7);
            assertThat(broker.hangingTransactionsAborted()).isZero();
        }
    }

    private static KafkaProducer<String, String> transactional(EmbeddedBroker broker) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "writer"),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void begin(KafkaProducer<String, String> producer, long offset, Instant timestamp)
            throws ExecutionException, InterruptedException {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(Records.TOPIC, 0, timestamp.toEpochMilli(), "", "value"))
                .get();
        producer.sendOffsetsToTransaction(
                Map.of(RECORDS, new OffsetAndMetadata(offset)), new ConsumerGroupMetadata(GROUP));
        producer.flush();
    }

    /** As one who wants it stable: an open transaction makes it wait. */
    private static long committedOffset(EmbeddedBroker broker) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "group.id", GROUP, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    new HashMap<>(consumer.committed(Set.of(RECORDS), PATIENCE));
            return requireNonNull(committed.get(RECORDS), "committed").offset();
        }
    }

    private static long partitionsWithOpenTransactions(EmbeddedBroker broker)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            List<TopicPartition> partitions =
                    admin
                            .describeTopics(Set.of(Records.TOPIC, "__consumer_offsets"))
                            .allTopicNames()
                            .get()
                            .values()
                            .stream()
                            .flatMap(HangingTransactionsIT::partitions)
                            .toList();
            return admin.describeProducers(partitions).all().get().values().stream()
                    .flatMap(state -> state.activeProducers().stream())
                    .map(ProducerState::currentTransactionStartOffset)
                    .filter(start -> start.isPresent())
                    .count();
        }
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(each -> new TopicPartition(topic.name(), each.partition()));
    }

    private void forgetTransactions() throws IOException {
        try (DirectoryStream<Path> states =
                Files.newDirectoryStream(directory.resolve("kafka"), "__transaction_state-*")) {
            for (Path state : states) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(state)) {
                    for (Path file : files) {
                        Files.delete(file);
                    }
                }
                Files.delete(state);
            }
        }
    }
}
