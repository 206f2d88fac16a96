// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Alert;
import io.conjunct.sink.receiver.Receipts;
import io.conjunct.sink.receiver.Repeating;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * What has been sent to whom: the topic {@code deliveries}, compacted, key = receiver and episode, value = JSON with the
 * {@link Stage} and the receiver's receipt. The intent is in Kafka before the request leaves, the outcome after its answer.
 * Whoever takes over a partition first reads the log to its end, so it knows what its predecessor did or was about to do.
 *
 * <p>Holds the last stage of at most {@value #MAX} pairs of receiver and episode and {@value #MAX_RECEIPTS} receipts, the
 * oldest go first. What is forgotten counts in {@code conjunct_sink_log_forgotten_total}: a stage may be told again, the
 * receipt of an episode that is not over is missed at its end. That an alert or a group was spoken of before is forgotten
 * without a count: it then begins a new thread. Safe for several threads.
 */
final class DeliveryLog {
    static final int MAX = 200_000;
    static final int MAX_RECEIPTS = 20_000;

    /** Keeps groups apart from identities. */
    private static final String GROUP = "group ";

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
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> receipts = new LinkedHashMap<>();
    /** Of the last delivery of each alert and each group, by receiver and identity or group. */
    private final Map<String, Last> lasts = new LinkedHashMap<>();

    /**
     * @param partition of the alert's record: who reads it speaks for the episode
     */
    private record Entry(Stage stage, int partition, Instant at) {}

    private record Last(String episode, String receipt) {}

    DeliveryLog(Producer<String, String> producer, String topic, Tail tail, InstantSource clock, SinkMetrics metrics) {
        this.producer = producer;
        this.topic = topic;
        this.tail = tail;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** How far this episode is at this receiver; empty when nothing was sent. */
    synchronized Optional<Stage> stage(String receiver, String episode) {
        return Optional.ofNullable(entries.get(key(receiver, episode))).map(Entry::stage);
    }

    /** What this receiver wants to know before it speaks of this alert again. */
    synchronized Receipts receipts(String receiver, Delivery delivery) {
        Alert alert = delivery.alert();
        String group = delivery.group();
        return new Receipts(
                receipts.getOrDefault(key(receiver, alert.episode()), ""),
                last(key(receiver, alert.identity()), alert),
                group.isEmpty() ? "" : last(key(receiver, GROUP + group), alert));
    }

    /** The last receipt of another episode. */
    private String last(String key, Alert alert) {
        Last last = lasts.get(key);
        return last == null || last.episode().equals(alert.episode()) ? "" : last.receipt();
    }

    /**
     * The receipts that a {@link Repeating} receiver repeats: of episodes that fire, and of those resolved since this time.
     *
     * @param ours partitions of the alerts topic: of the others we may not know the end
     */
    synchronized List<String> current(String receiver, Set<Integer> ours, Instant resolvedSince) {
        List<String> current = new ArrayList<>();
        receipts.forEach((key, receipt) -> {
            Entry entry = entries.get(key);
            if (entry != null && key.startsWith(receiver + " ") && ours.contains(entry.partition())) {
                boolean over = entry.stage() == Stage.RESOLVED && entry.at().isAfter(resolvedSince);
                if (entry.stage() == Stage.TRIGGERED || over) {
                    current.add(receipt);
                }
            }
        });
        return current;
    }

    /**
     * Appends, and returns when Kafka has it.
     *
     * @param receipt empty to keep the one before
     * @throws KafkaException when Kafka does not take it: then nothing is known to have been written
     */
    void write(String receiver, Delivery delivery, Stage stage, String receipt) throws InterruptedException {
        String key = key(receiver, delivery.alert().episode());
        String kept;
        synchronized (this) {
            kept = receipt.isEmpty() ? receipts.getOrDefault(key, "") : receipt;
        }
        ObjectNode entry = json(receiver, delivery, stage, kept);
        try {
            producer.send(new ProducerRecord<>(topic, key, entry.toString())).get();
        } catch (ExecutionException e) {
            throw new KafkaException("the delivery log did not take " + stage.word(), e.getCause());
        } catch (IllegalStateException e) {
            throw new KafkaException("the delivery log is closed", e);
        }
        note(entry);
    }

    /** Learns what others have written. */
    void catchUp() {
        tail.read(value -> {
            try {
                note(JSON.readTree(value));
            } catch (IOException | IllegalArgumentException | DateTimeException e) {
                metrics.logUnreadable();
            }
        });
    }

    private synchronized void note(JsonNode said) {
        String receiver = said.required("receiver").asText();
        String episode = said.required("key").asText();
        String key = key(receiver, episode);
        Stage stage = Stage.valueOf(said.required("stage").asText().toUpperCase(Locale.ROOT));
        Entry entry = new Entry(
                stage,
                said.path("partition").asInt(-1),
                Instant.parse(said.required("at").asText()));
        Entry latest =
                entries.merge(key, entry, (one, other) -> one.stage().compareTo(other.stage()) > 0 ? one : other);
        String receipt = said.path("receipt").asText();
        if (!receipt.isEmpty() && latest.equals(entry)) {
            receipts.put(key, receipt);
            Last last = new Last(episode, receipt);
            lasts.put(key(receiver, said.path("identity").asText()), last);
            if (said.has("group")) {
                lasts.put(key(receiver, GROUP + said.path("group").asText()), last);
            }
        }
        forgetOldest();
    }

    private void forgetOldest() {
        if (entries.size() > MAX) {
            oldest(entries);
            metrics.logForgotten();
        }
        if (receipts.size() > MAX_RECEIPTS) {
            Entry forgotten = entries.get(oldest(receipts));
            if (forgotten != null && forgotten.stage() != Stage.RESOLVED) {
                metrics.logForgotten();
            }
        }
        while (lasts.size() > MAX_RECEIPTS) {
            oldest(lasts);
        }
    }

    /** Takes the oldest out. */
    private static String oldest(Map<String, ?> from) {
        String oldest = from.keySet().iterator().next();
        from.remove(oldest);
        return oldest;
    }

    private static String key(String receiver, String what) {
        return receiver + " " + what;
    }

    private ObjectNode json(String receiver, Delivery delivery, Stage stage, String receipt) {
        Alert alert = delivery.alert();
        ObjectNode entry = JSON.createObjectNode();
        entry.put("receiver", receiver);
        entry.put("key", alert.episode());
        entry.put("stage", stage.word());
        entry.put("at", clock.instant().toString());
        entry.put("alert", alert.name());
        entry.put("identity", alert.identity());
        entry.put("tier", alert.tier().word());
        entry.put("changed_at", Instant.ofEpochMilli(alert.atMillis()).toString());
        entry.put("partition", delivery.claim().partition().partition());
        if (!receipt.isEmpty()) {
            entry.put("receipt", receipt);
        }
        if (!delivery.group().isEmpty()) {
            entry.put("group", delivery.group());
        }
        return entry;
    }
}
