// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From people's verdicts to the receiver, through Kafka: the pages of a rule that opted in become tickets. */
final class DemotionIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PAGES = 4;

    @TempDir
    Path directory;

    @Test
    void pagesOfANoisyRule_afterFourVerdicts_areTickets_toTheirEnd_overARestart() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            Process sink = sink(broker.bootstrap());
            try {
                await().atMost(PATIENCE).until(() -> topics(broker).contains("conjunct.track-records"));
                long now = System.currentTimeMillis();
                for (int i = 0; i < PAGES; i++) {
                    send(producer, alert(i, now + i, State.FIRING));
                }
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(printed("firing", "page")).hasSize(PAGES));
                for (int i = 0; i < PAGES; i++) {
                    String episode = alert(i, now + i, State.FIRING).episode();
                    String said = StatementJson.write(Verdict.said(
                            episode, Verdict.Kind.NOISE, "", "ada", now + 60_000 + i, Verdict.Source.COMMAND));
                    var unused = producer.send(new ProducerRecord<>("conjunct.verdicts", episode, said));
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(read(broker, "conjunct.track-records"))
                                .anyMatch(record -> record.value().contains("\"to\":\"ticket\"")));

                sink.destroyForcibly().waitFor();
                sink = sink(broker.bootstrap());
                long later = now + Duration.ofMinutes(20).toMillis();
                send(producer, alert(9, later, State.FIRING));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(printed("firing", "ticket"))
                                .anyMatch(line -> line.contains("\"alert\":\"Noisy\"") && line.contains("\"demoted\":"))
                                .anyMatch(line -> line.contains("\"alert\":\"Noisy:TrackRecord\"")));
                send(producer, alert(9, later, State.RESOLVED));
                send(producer, alert(0, now, State.RESOLVED));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(printed("resolved", "ticket"))
                                .anyMatch(line -> line.contains("\"n\":\"9\"")));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(printed("resolved", "page"))
                                .as("what paged ends as a page")
                                .anyMatch(line -> line.contains("\"n\":\"0\"")));
            } finally {
                sink.destroyForcibly().waitFor();
            }
        }
    }

    /** What the console was told, as JSON. */
    private List<String> printed(String state, String tier) throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve("sink.log"))) {
            return lines.filter(line -> line.contains("\"state\":\"" + state + "\",\"tier\":\"" + tier + "\""))
                    .distinct()
                    .toList();
        }
    }

    private Process sink(String bootstrap) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.conjunct.cli.Conjunct",
                        "sink",
                        "--kafka",
                        bootstrap,
                        "--admin-port",
                        "0",
                        "--data",
                        directory.resolve("sink").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("sink.log").toFile()))
                .start();
    }

    private static void send(KafkaProducer<String, String> producer, Alert alert) {
        var unused = producer.send(new ProducerRecord<>("conjunct.alerts", alert.identity(), AlertJson.write(alert)));
    }

    private static Alert alert(int number, long start, State state) {
        TreeMap<String, String> labels = new TreeMap<>(Map.of("n", Integer.toString(number)));
        boolean over = state == State.RESOLVED;
        long at = start + (over ? 120_000 : 1_000);
        return new Alert(
                        "Noisy",
                        "group",
                        state,
                        Tier.PAGE,
                        labels,
                        at,
                        start,
                        over ? OptionalLong.of(at) : OptionalLong.empty(),
                        List.of(),
                        Alert.episode("Noisy", labels, start),
                        "team",
                        new TreeMap<>(),
                        "",
                        false,
                        "r1",
                        "v1",
                        List.of())
                .asDemotable();
    }

    private static Set<String> topics(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            return admin.listTopics().names().get();
        }
    }

    private static List<ConsumerRecord<String, String>> read(EmbeddedBroker broker, String topic) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", broker.bootstrap());
        properties.put("isolation.level", "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
