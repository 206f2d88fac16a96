// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.sink.receiver.Outcome;
import java.time.InstantSource;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a receiver refused to the topic of dead letters: key = the alert's identity, value = JSON with
 * {@code receiver}, {@code reason} (a word of {@link io.conjunct.sink.receiver.FailureReason}), {@code detail},
 * {@code at} and {@code alert}. The delivery is over when Kafka has the letter; when Kafka refuses it after its own
 * retries, the letter is lost, counted and logged, for the alert itself still stands on its topic.
 */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Producer<String, String> producer;
    private final String topic;
    private final InstantSource clock;
    private final SinkMetrics metrics;

    DeadLetters(Producer<String, String> producer, String topic, InstantSource clock, SinkMetrics metrics) {
        this.producer = producer;
        this.topic = topic;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Writes one, and runs {@code over} when it is written or lost. Waits for nothing but Kafka's metadata. */
    void write(String receiver, Alert alert, Outcome.Refused refused, Runnable over) {
        ProducerRecord<String, String> letter =
                new ProducerRecord<>(topic, alert.identity(), json(receiver, alert, refused));
        try {
            Future<RecordMetadata> unused = producer.send(letter, (metadata, problem) -> {
                if (problem != null) {
                    lost(receiver, alert, problem);
                }
                over.run();
            });
        } catch (InterruptException e) {
            // The sink is closing: the record is not committed, and the letter will be written after the next start.
            Thread.currentThread().interrupt();
        } catch (KafkaException | IllegalStateException e) {
            lost(receiver, alert, e);
            over.run();
        }
    }

    private String json(String receiver, Alert alert, Outcome.Refused refused) {
        ObjectNode letter = JSON.createObjectNode();
        letter.put("receiver", receiver);
        letter.put("reason", refused.reason().word());
        letter.put("detail", refused.detail());
        letter.put("at", clock.instant().toString());
        try {
            letter.set("alert", JSON.readTree(AlertJson.write(alert)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an alert is written as JSON", e);
        }
        return letter.toString();
    }

    private void lost(String receiver, Alert alert, Exception problem) {
        metrics.deadLetterLost();
        LOG.error(
                "dead letter lost: {} {} {} for {}, {} did not take it: {}",
                alert.name(),
                alert.labels(),
                alert.state().word(),
                receiver,
                topic,
                problem.getClass().getSimpleName());
    }
}
