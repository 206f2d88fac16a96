// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * What has been sent to whom: the topic {@code deliveries}, compacted, key = receiver and episode, value = JSON with the
 * {@link Stage}. The intent is in Kafka before the request leaves, the outcome after its answer. Whoever takes over a
 * partition first reads the log to its end, so it knows what its predecessor did or was about to do.
 *
 * <p>Holds the last stage of at most {@value #MAX} pairs of receiver and episode, the oldest go first; what is forgotten
 * may be told again, which counts in {@code conjunct_sink_log_forgotten_total}. Safe for several threads.
 */
final class DeliveryLog {
    static final int MAX = 200_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads what was appended since the last time, by anybody, up to the end as it is now. */
    interface Tail {
        void read(Taker taker);

        /** Takes one value, in the order of the log. */
        interface Taker {
            void take(String value);
        }
    }

    private final Producer<String, String> producer;
    private final String topic;
    private final Tail tail;
    private final InstantSource clock;
    private final SinkMetrics metrics;
    private final Map<String, Stage> stages = new LinkedHashMap<>();

    DeliveryLog(Producer<String, String> producer, String topic, Tail tail, InstantSource clock, SinkMetrics metrics) {
        this.producer = producer;
        this.topic = topic;
        this.tail = tail;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** How far this episode is at this receiver; empty when nothing was sent. */
    synchronized Optional<Stage> stage(String receiver, String episode) {
        return Optional.ofNullable(stages.get(key(receiver, episode)));
    }

    /**
     * Appends, and returns when Kafka has it.
     *
     * @throws KafkaException when Kafka does not take it: then nothing is known to have been written
     */
    void write(String receiver, Alert alert, Stage stage) throws InterruptedException {
        String key = key(receiver, alert.episode());
        try {
            producer.send(new ProducerRecord<>(topic, key, json(receiver, alert, stage)))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("the delivery log did not take " + stage.word(), e.getCause());
        } catch (IllegalStateException e) {
            throw new KafkaException("the delivery log is closed", e);
        }
        note(key, stage);
    }

    /** Learns what others have written. */
    void catchUp() {
        tail.read(value -> {
            try {
                JsonNode entry = JSON.readTree(value);
                note(
                        key(
                                entry.required("receiver").asText(),
                                entry.required("key").asText()),
                        Stage.valueOf(entry.required("stage").asText().toUpperCase(Locale.ROOT)));
            } catch (IOException | IllegalArgumentException e) {
                metrics.logUnreadable();
            }
        });
    }

    private synchronized void note(String key, Stage stage) {
        stages.merge(key, stage, Stage::orLater);
        if (stages.size() > MAX) {
            stages.remove(stages.keySet().iterator().next());
            metrics.logForgotten();
        }
    }

    private static String key(String receiver, String episode) {
        return receiver + " " + episode;
    }

    private String json(String receiver, Alert alert, Stage stage) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("receiver", receiver);
        entry.put("key", alert.episode());
        entry.put("stage", stage.word());
        entry.put("at", clock.instant().toString());
        entry.put("alert", alert.name());
        entry.put("identity", alert.identity());
        entry.put("tier", alert.tier().word());
        entry.put("changed_at", Instant.ofEpochMilli(alert.atMillis()).toString());
        return entry.toString();
    }
}
