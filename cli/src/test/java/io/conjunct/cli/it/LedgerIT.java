// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.LegPages;
import io.conjunct.alert.Tier;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.engine.HeapStore;
import io.conjunct.record.Cost;
import io.conjunct.record.LedgerFold;
import io.conjunct.record.RuleRecord;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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

/** However often its process is killed, the ledger's topic says what a plain fold over its input topics says. */
final class LedgerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long START = Instant.parse("2026-11-01T06:00:00Z").toEpochMilli();
    private static final List<String> RULES = List.of("Noisy", "Good", "Mixed");
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    private final Random random = new Random(20261101);

    @Test
    void records_afterKills_areAFoldOverTheTopics() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            Process sink = sink(broker.bootstrap());
            try {
                await().atMost(PATIENCE).until(() -> topics(broker).contains("conjunct.track-records"));
                for (int life = 0; life < KILLS; life++) {
                    for (int i = 0; i < 40; i++) {
                        page(producer, life * 40 + i);
                    }
                    producer.flush();
                    int least = life;
                    await().atMost(PATIENCE)
                            .until(() -> read(broker, "conjunct.track-records").size() > least * 10);
                    sink.destroyForcibly().waitFor();
                    sink = sink(broker.bootstrap());
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(told(broker)).isEqualTo(folded(broker)));
                assertThat(told(broker)).containsOnlyKeys(RULES);
                assertThat(told(broker).get("Good")).contains("\"sentence\":\"40 pages, ");
            } finally {
                sink.destroyForcibly().waitFor();
            }
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

    /** Fires, is judged, and resolves; a good rule's legs are counted. */
    private void page(KafkaProducer<String, String> producer, int number) {
        String rule = RULES.get(number % RULES.size());
        long start = START + number * DAY / 10;
        Alert firing = alert(rule, start, State.FIRING, start + 60_000);
        send(producer, "conjunct.alerts", firing.identity(), AlertJson.write(firing));
        Verdict.Kind kind = rule.equals("Noisy") || (rule.equals("Mixed") && random.nextBoolean())
                ? Verdict.Kind.NOISE
                : Verdict.Kind.INCIDENT;
        send(
                producer,
                "conjunct.verdicts",
                firing.episode(),
                StatementJson.write(
                        Verdict.said(firing.episode(), kind, "", "ada", start + 600_000, Verdict.Source.COMMAND)));
        Alert resolved = alert(rule, start, State.RESOLVED, start + 900_000);
        send(producer, "conjunct.alerts", resolved.identity(), AlertJson.write(resolved));
        LegPages legs = new LegPages(
                rule,
                "group",
                "v1",
                Math.floorDiv(start, DAY) * DAY,
                List.of(new LegPages.Count("a > 1", number), new LegPages.Count("b > 1", 2 * number)));
        send(producer, "conjunct.leg-pages", legs.key(), legs.write());
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String key, String value) {
        var unused = producer.send(new ProducerRecord<>(topic, key, value));
    }

    private static Alert alert(String rule, long start, State state, long at) {
        return new Alert(
                rule,
                "group",
                state,
                Tier.PAGE,
                new TreeMap<>(),
                at,
                start,
                state == State.RESOLVED ? OptionalLong.of(at) : OptionalLong.empty(),
                List.of(),
                Alert.episode(rule, Map.of(), start),
                "team",
                new TreeMap<>(Map.of("summary", rule)),
                "",
                false,
                "r1",
                "v1",
                List.of());
    }

    /** The last record of each rule. */
    private static Map<String, String> told(EmbeddedBroker broker) {
        Map<String, String> last = new TreeMap<>();
        read(broker, "conjunct.track-records").forEach(record -> last.put(record.key(), record.value()));
        return last;
    }

    private static Map<String, String> folded(EmbeddedBroker broker) throws IOException {
        Map<String, String> last = new TreeMap<>();
        LedgerFold fold = new LedgerFold(new HeapStore(), Cost.in(ZoneOffset.UTC), new LedgerFold.Output() {
            @Override
            public void record(RuleRecord record) {
                last.put(record.rule(), record.write());
            }

            @Override
            public void alert(Alert ticket) {}
        });
        for (ConsumerRecord<String, String> record : read(broker, "conjunct.verdicts")) {
            fold.said(record.value());
        }
        for (ConsumerRecord<String, String> record : read(broker, "conjunct.alerts")) {
            fold.alert(record.value());
        }
        for (ConsumerRecord<String, String> record : read(broker, "conjunct.leg-pages")) {
            fold.legs(record.value());
        }
        for (ConsumerRecord<String, String> record : read(broker, "conjunct.deliveries")) {
            fold.delivery(record.value());
        }
        return last;
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
