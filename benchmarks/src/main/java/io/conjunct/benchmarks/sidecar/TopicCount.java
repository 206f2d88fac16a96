// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import com.google.protobuf.InvalidProtocolBufferException;
import io.conjunct.event.EventBatch;
import io.conjunct.event.MalformedBatchException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The events of a topic from its beginning to its present end, each batch once, as the engine counts them.
 *
 * @param events in batches that had not come before
 * @param batches of them
 * @param duplicates batches that had come before
 */
record TopicCount(long events, long batches, long duplicates) {
    private record Position(long epoch, long sequence) {}

    static TopicCount of(String bootstrap, String topic) throws MalformedBatchException {
        Map<String, Position> last = new HashMap<>();
        long events = 0;
        long batches = 0;
        long duplicates = 0;
        try (Records records = new Records(bootstrap, topic)) {
            for (byte[] record = records.next(); record != null; record = records.next()) {
                EventBatch batch = EventBatch.decode(record);
                EventBatch.Header header = batch.header();
                Position known = last.getOrDefault(header.sidecar(), new Position(-1, -1));
                if (header.epoch() < known.epoch
                        || header.epoch() == known.epoch && header.sequence() <= known.sequence) {
                    duplicates++;
                    continue;
                }
                last.put(header.sidecar(), new Position(header.epoch(), header.sequence()));
                events += batch.events();
                batches++;
            }
        }
        return new TopicCount(events, batches, duplicates);
    }

    /** How many spans a topic of OTLP requests holds, as the Collector writes them. */
    static long spans(String bootstrap, String topic) throws InvalidProtocolBufferException {
        long spans = 0;
        try (Records records = new Records(bootstrap, topic)) {
            for (byte[] record = records.next(); record != null; record = records.next()) {
                for (ResourceSpans resource :
                        ExportTraceServiceRequest.parseFrom(record).getResourceSpansList()) {
                    for (ScopeSpans scope : resource.getScopeSpansList()) {
                        spans += scope.getSpansCount();
                    }
                }
            }
        }
        return spans;
    }

    /** The records of a topic from its beginning to its present end. */
    private static final class Records implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final List<TopicPartition> partitions;
        private final Map<TopicPartition, Long> ends;
        private Iterator<ConsumerRecord<byte[], byte[]>> polled = Collections.emptyIterator();

        Records(String bootstrap, String topic) {
            Map<String, Object> properties = Map.of(
                    ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
            consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            partitions = IntStream.range(0, consumer.partitionsFor(topic).size())
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            ends = consumer.endOffsets(partitions);
        }

        /** Null at the end. */
        byte @Nullable [] next() {
            while (!polled.hasNext()) {
                if (partitions.stream().allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L))) {
                    return null;
                }
                polled = consumer.poll(Duration.ofSeconds(1)).iterator();
            }
            return polled.next().value();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
