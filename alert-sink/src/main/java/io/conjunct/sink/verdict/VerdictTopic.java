// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.verdict;

import io.conjunct.record.MissedIncident;
import io.conjunct.record.Observation;
import io.conjunct.record.Restoration;
import io.conjunct.record.Statement;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Appends statements to the topic of verdicts, keyed by episode. */
public final class VerdictTopic {
    /** Slack and PagerDuty wait 3 and 5 s. */
    private static final long SECONDS = 2;

    private final Producer<String, String> producer;
    private final String topic;

    public VerdictTopic(Producer<String, String> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /** Whether Kafka has it now. When not, the sender is told to try again, and what is said twice counts once. */
    boolean append(Statement statement) {
        try {
            producer.send(new ProducerRecord<>(topic, key(statement), StatementJson.write(statement)))
                    .get(SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String key(Statement statement) {
        if (statement instanceof Verdict verdict) {
            return verdict.episode();
        }
        if (statement instanceof Restoration restoration) {
            return restoration.rule();
        }
        return statement instanceof Observation observation ? observation.episode() : ((MissedIncident) statement).id();
    }
}
