// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Progress;
import io.conjunct.correlate.Topics;
import io.conjunct.history.HistoryRecord;
import io.conjunct.history.HistoryRecord.Kind;
import io.conjunct.history.HistoryWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partitions of the event log side by side, in the order in which the broker received their records, so that a
 * replay needs no more memory than the live engine did. At most {@value #MAX_WAITING} records of a partition wait for
 * the others.
 */
final class EventLogCopy implements AutoCloseable {
    private static final int MAX_WAITING = 200;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final OptionalLong toMillis;
    private final Map<Integer, Lane> lanes = new TreeMap<>();

    /** A partition: what has been fetched of it, and where it ends. */
    private static final class Lane {
        private final TopicPartition partition;
        private final long end;
        private final ArrayDeque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
        private long next;
        private boolean paused;

        Lane(TopicPartition partition, long next, long end) {
            this.partition = partition;
            this.next = next;
            this.end = end;
        }

        boolean isFetched() {
            return next >= end;
        }
    }

    private EventLogCopy(String bootstrap, String topic, OptionalLong fromMillis, OptionalLong toMillis) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", "200");
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.topic = topic;
        this.toMillis = toMillis;
        List<TopicPartition> partitions = new ArrayList<>();
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        if (known == null || known.isEmpty()) {
            consumer.close();
            throw new LoadProblem("there is no topic " + topic + " at " + bootstrap + " (wrong --topic-prefix?)");
        }
        known.forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        if (fromMillis.isPresent()) {
            seek(partitions, fromMillis.getAsLong());
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            lanes.put(
                    partition.partition(),
                    new Lane(partition, consumer.position(partition), ends.getOrDefault(partition, 0L)));
        }
    }

    /** Copies the log of a broker into a file; returns how much that was. */
    static Size toFile(
            String bootstrap,
            String topic,
            OptionalLong fromMillis,
            OptionalLong toMillis,
            Path file,
            Progress progress)
            throws IOException {
        try (EventLogCopy copy = new EventLogCopy(bootstrap, topic, fromMillis, toMillis);
                HistoryWriter writer = HistoryWriter.create(file, copy.lanes.size())) {
            copy.copy(writer, progress);
            return new Size(writer.records(), copy.lanes.size(), writer.bytes());
        }
    }

    /** What was copied. */
    record Size(long records, int partitions, long bytes) {}

    private void seek(List<TopicPartition> partitions, long fromMillis) {
        Map<TopicPartition, Long> wanted = new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
        partitions.forEach(p -> wanted.put(p, fromMillis));
        Map<TopicPartition, @Nullable OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp at = found.get(partition);
            if (at == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, at.offset());
            }
        }
    }

    /** Copies what is in the topic now; records that come in meanwhile are left for the next recording. */
    private void copy(HistoryWriter writer, Progress progress) throws IOException {
        long total = 0;
        for (Lane lane : lanes.values()) {
            total += Math.max(0, lane.end - lane.next);
        }
        long done = 0;
        long lastNews = System.nanoTime();
        while (true) {
            for (Lane lane = oldest(); lane != null; lane = oldest()) {
                ConsumerRecord<byte[], byte[]> record = lane.waiting.remove();
                write(writer, record);
                progress.at(++done, total);
            }
            if (lanes.values().stream().allMatch(l -> l.isFetched() && l.waiting.isEmpty())) {
                return;
            }
            if (fetch()) {
                lastNews = System.nanoTime();
            } else if (System.nanoTime() - lastNews > PATIENCE.toNanos()) {
                throw new IOException("the broker sends nothing more of " + topic + " since " + PATIENCE.toSeconds()
                        + " s; " + done + " of " + total + " records are written");
            }
        }
    }

    private void write(HistoryWriter writer, ConsumerRecord<byte[], byte[]> record) throws IOException {
        if (record.value() == null || (toMillis.isPresent() && record.timestamp() >= toMillis.getAsLong())) {
            return;
        }
        Kind kind = Topics.changesRules(record.key()) ? Kind.RULES : Kind.BATCH;
        writer.write(new HistoryRecord(kind, record.partition(), record.offset(), record.value()));
    }

    /** The partition whose next record came first; null while one that is not at its end has nothing fetched. */
    private @Nullable Lane oldest() {
        Lane oldest = null;
        for (Lane lane : lanes.values()) {
            ConsumerRecord<byte[], byte[]> first = lane.waiting.peek();
            if (first == null) {
                if (!lane.isFetched()) {
                    return null;
                }
                continue;
            }
            ConsumerRecord<byte[], byte[]> best = oldest == null ? null : oldest.waiting.peek();
            if (best == null || first.timestamp() < best.timestamp()) {
                oldest = lane;
            }
        }
        return oldest;
    }

    /** Fetches more of the partitions that have little waiting. */
    private boolean fetch() {
        for (Lane lane : lanes.values()) {
            boolean enough = lane.isFetched() || lane.waiting.size() >= MAX_WAITING;
            if (enough != lane.paused) {
                lane.paused = enough;
                if (enough) {
                    consumer.pause(List.of(lane.partition));
                } else {
                    consumer.resume(List.of(lane.partition));
                }
            }
        }
        boolean any = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            Lane lane = lanes.get(record.partition());
            if (lane != null && record.offset() < lane.end) {
                lane.waiting.add(record);
            }
        }
        for (Lane lane : lanes.values()) {
            long position = consumer.position(lane.partition);
            any |= position > lane.next;
            lane.next = position;
        }
        return any;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
