// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.event.EventBatch;
import io.conjunct.event.EventBatch.Rows;
import io.conjunct.event.Series;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the product wrote to its topics, read by a plain consumer of committed records, always from the beginning. */
public final class Log {
    /** The attributes that tell the tests' series apart. */
    private static final Set<String> LABELS = Set.of("span.kind", "status", "cache.hit", "http.response.status_code");

    private final String bootstrap;
    private final String prefix;

    Log(String bootstrap) {
        this(bootstrap, "conjunct.");
    }

    /** @param prefix of the topics' names */
    public Log(String bootstrap, String prefix) {
        this.bootstrap = bootstrap;
        this.prefix = prefix;
    }

    /** The rows of all event batches. */
    public List<Rows> rows() throws IOException {
        List<Rows> rows = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> each : records(prefix + "events")) {
            // Rule changes travel among the batches and have a key.
            if (each.key() == null) {
                rows.addAll(EventBatch.decode(each.value()).rows());
            }
        }
        return rows;
    }

    /** How many events each series of a service has, by its name and those of its attributes that tell series apart. */
    SortedMap<String, Integer> counts(String service) throws IOException {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Rows each : rows()) {
            if (each.series().service().equals(service)) {
                counts.merge(label(each.series()), each.count(), Integer::sum);
            }
        }
        return counts;
    }

    /**
     * What {@link #counts} has of a service, held against what was sent until they agree: an acknowledged event is in the
     * spool, and shortly afterwards in Kafka.
     */
    void awaitCounts(String service, Consumer<SortedMap<String, Integer>> expectation) {
        await().atMost(ConjunctProcess.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> expectation.accept(counts(service)));
    }

    private static String label(Series series) {
        Map<String, String> attributes = new TreeMap<>(series.attributes());
        attributes.keySet().removeIf(key -> !LABELS.contains(key));
        return series.name() + " " + attributes;
    }

    /** Every alert transition, in order. */
    public List<Alert> alerts() throws IOException {
        List<Alert> alerts = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> each : records(prefix + "alerts")) {
            alerts.add(AlertJson.read(new String(each.value(), StandardCharsets.UTF_8)));
        }
        return alerts;
    }

    /** Every alert transition of a rule group, in order. */
    List<Alert> alerts(String group) throws IOException {
        return alerts().stream().filter(each -> each.group().equals(group)).toList();
    }

    /** A record's key and value. */
    record Line(String key, String value) {}

    /** The records of a topic of texts, such as {@code verdicts}. */
    List<Line> lines(String topic) {
        return records(prefix + topic).stream()
                .map(each -> new Line(
                        new String(each.key(), StandardCharsets.UTF_8),
                        new String(each.value(), StandardCharsets.UTF_8)))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
