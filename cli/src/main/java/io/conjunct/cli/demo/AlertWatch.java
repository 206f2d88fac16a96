// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what the engine decided from the topic of alerts, as any other program could. One thread. */
final class AlertWatch implements AutoCloseable {
    private final KafkaConsumer<String, String> consumer;

    private AlertWatch(KafkaConsumer<String, String> consumer) {
        this.consumer = consumer;
    }

    /** From the topic's end on: what comes after this call. The topic must exist. */
    static AlertWatch open(String bootstrap, String topic) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Seeking is lazy; asking for the position makes the end of now the end of then.
        partitions.forEach(consumer::position);
        return new AlertWatch(consumer);
    }

    /** What is new; waits this long for the first. */
    List<Alert> poll(Duration wait) throws IOException {
        List<Alert> alerts = new ArrayList<>();
        for (ConsumerRecord<String, String> each : consumer.poll(wait)) {
            alerts.add(AlertJson.read(each.value()));
        }
        return alerts;
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
