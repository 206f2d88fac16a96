// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads alerts, hands them to the lanes of their receivers, commits what is delivered. One {@link #turn} is: poll, hand
 * over, commit. When a lane is full, what was polled waits (at most one poll, 500 records) and the partitions are paused,
 * so the group keeps us. All of it in one thread, the only one that touches the consumer. At least every second it
 * commits, to renew the {@link Lease}.
 */
final class AlertLoop implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(AlertLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration COMMIT = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Receivers receivers;
    private final Map<String, Lane> lanes;
    private final SinkMetrics metrics;
    private final InstantSource clock;
    private final OncePerMinute logged;
    private final DeliveryLog log;
    private final Demotions demotions;
    private final Lease lease;
    private final Offsets offsets = new Offsets();
    private final Deque<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
    /** Partitions that are ours and whose deliveries so far we know. */
    private final Set<Integer> known = ConcurrentHashMap.newKeySet();

    private boolean behind;
    private volatile Optional<String> notMember = Optional.of("not yet in its consumer group");
    private volatile Optional<String> trouble = Optional.empty();

    AlertLoop(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Receivers receivers,
            Map<String, Lane> lanes,
            DeliveryLog log,
            Demotions demotions,
            Lease lease,
            SinkMetrics metrics,
            InstantSource clock) {
        this.consumer = consumer;
        this.topic = topic;
        this.receivers = receivers;
        this.lanes = Map.copyOf(lanes);
        this.log = log;
        this.demotions = demotions;
        this.lease = lease;
        this.metrics = metrics;
        this.clock = clock;
        this.logged = new OncePerMinute(clock);
    }

    /** Why alerts are not being read; empty when they are. */
    Optional<String> notReady() {
        return trouble.or(() -> notMember);
    }

    /** Partitions we speak for. */
    Set<Integer> partitions() {
        return Set.copyOf(known);
    }

    void subscribe() {
        consumer.subscribe(List.of(topic), this);
    }

    /**
     * Poll, hand over, commit.
     *
     * @throws KafkaException when Kafka does not let us; {@link #troubled} takes it, and the next turn tries again
     */
    void turn() {
        if (polled.isEmpty()) {
            consumer.resume(consumer.paused());
        } else {
            consumer.pause(consumer.assignment());
        }
        consumer.poll(POLL).forEach(polled::addLast);
        if (behind) {
            // Before anything is sent for a partition that was another's: what that one sent, or was about to send.
            log.catchUp();
            behind = false;
            consumer.assignment().forEach(each -> known.add(each.partition()));
        }
        if (lease.ages()) {
            prove();
        }
        while (!polled.isEmpty() && handOver(polled.getFirst())) {
            polled.removeFirst();
        }
        commit(COMMIT);
        trouble = Optional.empty();
    }

    /** A problem of Kafka's: the loop goes on, and tells. */
    void troubled(KafkaException problem) {
        trouble = Optional.of(topic + ": " + problem.getClass().getSimpleName());
        if (logged.allows("kafka")) {
            LOG.warn("reading {} waits for Kafka: {}", topic, problem.getMessage());
        }
    }

    /** Whether the record found its receivers; false when one of them has no room, and then nothing has happened. */
    private boolean handOver(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Alert read;
        try {
            read = read(record);
        } catch (IOException e) {
            if (logged.allows(Skipped.NOT_AN_ALERT.word())) {
                LOG.warn("skipped {}@{}: not an alert", partition, record.offset());
            }
            return skip(partition, record, Skipped.NOT_AN_ALERT);
        }
        Optional<Skipped> skipped = Skipped.of(read);
        if (skipped.isPresent()) {
            return skip(partition, record, skipped.get());
        }
        Optional<Alert> priced = demotions.of(read);
        if (priced.isEmpty()) {
            return false;
        }
        Alert alert = priced.get();
        List<String> to = receivers.receiversOf(alert);
        if (to.isEmpty()) {
            return skip(partition, record, Skipped.NO_ROUTE);
        }
        List<Lane> chosen = to.stream().map(this::lane).toList();
        List<Lane> standIns = standIns(alert, to);
        if (!chosen.stream().allMatch(Lane::hasRoom) || !standIns.stream().allMatch(Lane::hasRoom)) {
            return false;
        }
        Offsets.Claim claim = offsets.read(partition, record.offset(), chosen.size() + standIns.size());
        metrics.read(chosen.size() + standIns.size());
        Instant now = clock.instant();
        String group = receivers.groupOf(alert);
        boolean watched = !standIns.isEmpty() && alert.state() == Alert.State.FIRING;
        Optional<Watch> watch = watched ? Optional.of(new Watch(chosen.size())) : Optional.empty();
        chosen.forEach(lane -> lane.offer(new Delivery(alert, claim, now, group, watch, Optional.empty())));
        Optional<Instant> from = receivers.fallback().map(fallback -> now.plus(fallback.after()));
        standIns.forEach(lane -> lane.offer(new Delivery(alert, claim, now, group, watch, from)));
        return true;
    }

    /** Who is told of a page when those it is for cannot be. */
    private List<Lane> standIns(Alert alert, List<String> to) {
        return receivers.fallback().filter(fallback -> alert.tier() == Tier.PAGE).stream()
                .flatMap(fallback -> fallback.to().stream())
                .filter(name -> !to.contains(name))
                .map(this::lane)
                .toList();
    }

    /** Commits where we stand, changed or not: when the group takes it, the partitions are still ours. */
    private void prove() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        consumer.assignment().forEach(each -> positions.put(each, new OffsetAndMetadata(consumer.position(each))));
        for (Iterator<ConsumerRecord<byte[], byte[]>> each = polled.descendingIterator(); each.hasNext(); ) {
            ConsumerRecord<byte[], byte[]> record = each.next();
            positions.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset()));
        }
        positions.putAll(offsets.positions());
        commit(positions, COMMIT);
    }

    private static Alert read(ConsumerRecord<byte[], byte[]> record) throws IOException {
        if (record.value() == null) {
            throw new IOException("no value");
        }
        return AlertJson.read(new String(record.value(), StandardCharsets.UTF_8));
    }

    private boolean skip(TopicPartition partition, ConsumerRecord<byte[], byte[]> record, Skipped reason) {
        offsets.read(partition, record.offset(), 0);
        metrics.read(1);
        metrics.skipped(reason);
        return true;
    }

    private Lane lane(String receiver) {
        Lane lane = lanes.get(receiver);
        if (lane == null) {
            throw new IllegalStateException(receiver + ": no lane");
        }
        return lane;
    }

    /** Commits up to the first record with a delivery to come. */
    void commit(Duration limit) {
        commit(offsets.committable(), limit);
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> positions, Duration limit) {
        if (positions.isEmpty()) {
            return;
        }
        long asked = lease.now();
        try {
            consumer.commitSync(positions, limit);
            lease.proven(asked);
            offsets.committed(positions);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // The group moved on; whoever has the partition now reads from the last commit. Deliveries may repeat.
            LOG.info("commit of {} not taken: {}", positions, e.getClass().getSimpleName());
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        behind = behind || !assigned.isEmpty();
        // None is well too, when another sink of the group has them, but not when the topic does not exist.
        boolean exists = !consumer.assignment().isEmpty() || topicExists();
        notMember = exists ? Optional.empty() : Optional.of("topic " + topic + " does not exist");
        LOG.info("reading {}", consumer.assignment());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> taken) {
        try {
            commit(COMMIT);
        } finally {
            forget(taken);
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> taken) {
        lease.lost();
        forget(taken);
    }

    private boolean topicExists() {
        try {
            return !consumer.partitionsFor(topic, COMMIT).isEmpty();
        } catch (KafkaException e) {
            LOG.debug("no word about {}", topic, e);
            return false;
        }
    }

    private void forget(Collection<TopicPartition> taken) {
        polled.removeIf(record -> taken.contains(new TopicPartition(record.topic(), record.partition())));
        lanes.values().forEach(lane -> lane.forget(taken));
        offsets.forget(taken);
        taken.forEach(each -> known.remove(each.partition()));
    }
}
