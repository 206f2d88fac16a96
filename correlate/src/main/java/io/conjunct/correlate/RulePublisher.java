// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.engine.RuleUpdate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Publishes a rule set: into every partition of the event log, where it takes effect in order with the events, and into
 * the compacted rules topic, where tools find what is in force. The caller has checked the rules.
 */
public final class RulePublisher {
    private static final byte[] ACTIVE = "active".getBytes(StandardCharsets.UTF_8);

    private final KafkaProducer<byte[], byte[]> producer;
    private final Topics topics;

    RulePublisher(KafkaProducer<byte[], byte[]> producer, Topics topics) {
        this.producer = producer;
        this.topics = topics;
    }

    /** Returns when Kafka has all copies. Publishing the same files again changes nothing. */
    void publish(RuleUpdate update, int partitions) {
        byte[] record = update.encode();
        Map<String, Future<RecordMetadata>> sent = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            sent.put(
                    topics.events() + "/" + partition,
                    producer.send(new ProducerRecord<>(topics.events(), partition, MeasureStep.RULES, record)));
        }
        sent.put(topics.rules(), producer.send(new ProducerRecord<>(topics.rules(), ACTIVE, record)));
        List<String> failed = new ArrayList<>();
        sent.forEach((where, result) -> {
            try {
                result.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                failed.add(where + " (" + e + ")");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failed.add(where + " (interrupted)");
            }
        });
        if (!failed.isEmpty()) {
            throw new IllegalStateException("the rules did not reach " + failed + "; publish them again");
        }
    }
}
