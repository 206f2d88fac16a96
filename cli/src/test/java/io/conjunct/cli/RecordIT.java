// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.Recording.Sent;
import io.conjunct.engine.SlowReads;
import io.conjunct.history.History;
import io.conjunct.history.HistoryRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conjunct record}: what is in the topic is in the file, partition by partition in order. */
final class RecordIT {
    @TempDir
    Path directory;

    @Test
    void topic_isCopied_wholeAndInOrder() throws Exception {
        List<Sent> sent = SlowReads.recording(7, 5_000, Duration.ofMinutes(10))
                .sent(
                        EngineSettings.of(Duration.ofSeconds(2)),
                        3,
                        new Random(1),
                        Duration.ZERO,
                        Duration.ofMillis(500));
        Path file = directory.resolve("out.events");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrap());
            try (Admin admin = Admin.create(client)) {
                admin.createTopics(List.of(new NewTopic("it.events", 3, (short) 1)))
                        .all()
                        .get();
            }
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
                List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
                for (Sent batch : sent) {
                    acknowledged.add(producer.send(new ProducerRecord<>(
                            "it.events", batch.partition(), null, batch.batch().encode())));
                }
                for (Future<RecordMetadata> one : acknowledged) {
                    one.get();
                }
            }
            assertThat(Conjunct.commandLine()
                            .execute(
                                    "record",
                                    "--kafka",
                                    broker.bootstrap(),
                                    "--topic-prefix",
                                    "it.",
                                    "-o",
                                    file.toString()))
                    .isZero();
        }
        Map<Integer, List<byte[]>> copied = new HashMap<>();
        History.of(List.of(file))
                .read((HistoryRecord record, long position) -> copied.computeIfAbsent(
                                record.source(), s -> new ArrayList<>())
                        .add(record.bytes()));
        for (int partition = 0; partition < 3; partition++) {
            int wanted = partition;
            assertThat(copied.get(partition))
                    .containsExactlyElementsOf(sent.stream()
                            .filter(s -> s.partition() == wanted)
                            .map(s -> s.batch().encode())
                            .toList());
        }
    }
}
