// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.RuleSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes a rule set: into every partition of the event log, where it takes effect in order with the events, and into
 * the compacted rules topic, where tools find it. The caller has checked the rules. For one thread.
 */
public final class RulePublisher implements AutoCloseable {
    /** Key of what was published last. */
    static final String LATEST = "active";

    private final KafkaProducer<byte[], byte[]> producer;
    private final Topics topics;
    private final RulesReader reader;

    /** Opens without asking the broker. */
    public RulePublisher(String bootstrap, Topics topics, Map<String, String> kafka) {
        this.topics = topics;
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put("bootstrap.servers", bootstrap);
        properties.put("acks", "all");
        properties.put("enable.idempotence", "true");
        properties.put("max.request.size", Topics.MAX_MESSAGE_BYTES);
        properties.put("max.block.ms", "10000");
        properties.put("delivery.timeout.ms", "25000");
        properties.put("request.timeout.ms", "10000");
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        reader = RulesReader.ofAll(bootstrap, topics, kafka);
    }

    /** What has been published so far. */
    public PublishedRules published() {
        return reader.readAll();
    }

    /**
     * How many tasks decide: each says by which rules. Empty where no correlator has ever been.
     *
     * @throws org.apache.kafka.common.KafkaException when the broker does not answer
     */
    public OptionalInt tasks() {
        return reader.partitionsOf(topics.partials());
    }

    /** Waits a moment for news. */
    public PublishedRules published(Duration atMost) {
        return reader.poll(atMost);
    }

    /**
     * Puts files in force from the next tick of the clock on, after all that was published before. Watermarks are behind
     * the clock by the allowed lateness, so every partition hears of it in time.
     *
     * @param files already checked; a set that cannot be compiled would stop the engine
     * @throws IllegalStateException when not every copy arrived
     */
    public RuleUpdate publish(String revision, List<RuleSource> files, Duration tick, InstantSource clock) {
        long next = (Math.floorDiv(clock.millis(), tick.toMillis()) + 1) * tick.toMillis();
        long sequence =
                published().latest().map(latest -> latest.sequence() + 1).orElse(0L);
        RuleUpdate update = new RuleUpdate(revision, sequence, next, files);
        publish(update);
        return update;
    }

    /** Returns when Kafka has all copies. Publishing the same files again changes nothing. */
    void publish(RuleUpdate update) {
        byte[] record = update.encode();
        if (record.length > Topics.MAX_MESSAGE_BYTES - 1_024) {
            throw new IllegalStateException("the rule files together have " + record.length
                    + " bytes (expected: at most " + (Topics.MAX_MESSAGE_BYTES - 1_024) + ", what one record takes)");
        }
        Map<String, Future<RecordMetadata>> sent = new HashMap<>();
        int partitions = producer.partitionsFor(topics.events()).size();
        for (int partition = 0; partition < partitions; partition++) {
            sent.put(
                    topics.events() + "/" + partition,
                    producer.send(new ProducerRecord<>(topics.events(), partition, MeasureStep.RULES, record)));
        }
        byte[] key = LATEST.getBytes(StandardCharsets.UTF_8);
        sent.put(topics.rules(), producer.send(new ProducerRecord<>(topics.rules(), key, record)));
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

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        reader.close();
    }
}
