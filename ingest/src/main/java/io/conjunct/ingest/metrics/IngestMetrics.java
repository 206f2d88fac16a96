// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.profile.IngestProfile;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The sidecar's own metrics. Two identities hold at rest:
 *
 * <pre>
 *   received = accepted + rejected(reason)                        records of requests that could be decoded
 *   accepted + recovered = delivered + spooled + dropped(reason)  events, once per record
 * </pre>
 *
 * Rejected records include those that are no events by nature (log records without an event name); only
 * {@link Rejection#reported()} ones are reported to the client. Recovered events were spooled before this start. Of the
 * dropped, those for reason {@code not_spooled} were answered with a failure, so their client sends them again. Requests
 * that could not be decoded have no records, and those that came twice are not read: both are counted in requests only.
 * Events whose series was made coarser are delivered like others and counted beside, in {@code folded}; attributes that
 * were left out in {@code attributes_dropped}. Of the acknowledgement there is a histogram, and quantiles of the last
 * minute.
 */
public final class IngestMetrics {
    private static final int MAX_FOLDED_KEYS = 100;
    private static final int MAX_NOTES = 500;
    private static final int MAX_KEY_CHARS = 64;

    private static final List<String> TRANSPORTS = List.of("grpc", "http_protobuf", "http_json");

    private final Counter received;
    private final Counter accepted;
    private final Counter rejected;
    private final Counter adjusted;
    private final Counter folded;
    private final Counter skipped;
    private final PrometheusRegistry registry;
    private final Counter clocks;
    private final Counter requests;
    private final Counter duplicates;
    private final Counter delivered;
    private final Counter dropped;
    private final Counter recovered;
    private final Gauge spooled;
    private final Gauge spoolBytes;
    private final Gauge oldestAge;
    private final Counter damagedRecords;
    private final Counter tornBytes;
    private final Histogram acknowledged;
    private final Summary acknowledgedLately;
    private final Counter batches;
    private final Counter batchBytes;
    private final Counter evictedStreams;
    private final Gauge connections;
    private final Counter connectionsClosed;
    private final Counter readingPauses;
    private final Set<String> foldedKeys = ConcurrentHashMap.newKeySet();
    private final Set<String> clockServices = ConcurrentHashMap.newKeySet();
    private final Map<Shaped, LongAdder> notes = new ConcurrentHashMap<>();
    private final Set<String> privateKeys = new ConcurrentSkipListSet<>();

    public IngestMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        received = counter(registry, "received", "Records decoded.", "kind", "transport");
        accepted = counter(registry, "accepted", "Records that became events of a batch.", "kind", "transport");
        rejected = counter(registry, "rejected", "Records that became no event.", "kind", "transport", "reason");
        beginRejections();
        adjusted = counter(registry, "adjusted", "Corrections of accepted records.", "kind", "reason");
        folded = counter(registry, "folded", "Events whose series was made coarser.", "key", "reason");
        clocks = counter(registry, "clock", "Events whose time is not possible or long ago.", "service", "reason");
        skipped = counter(registry, "attributes_dropped", "Attributes that were left out.", "reason");
        requests = counter(registry, "requests", "Export requests answered.", "kind", "transport", "outcome");
        duplicates = counter(registry, "duplicate_requests", "Requests that came again.", "kind", "transport");
        delivered = counter(registry, "delivered", "Events acknowledged by Kafka.");
        dropped = counter(registry, "dropped", "Accepted events that never reach Kafka.", "reason");
        recovered = counter(registry, "recovered", "Events found in the spool at the start.");
        spooled = gauge(registry, "spooled", "Accepted events not yet acknowledged by Kafka.");
        spoolBytes = gauge(registry, "spool_bytes", "Size of the spool's files.");
        oldestAge = gauge(registry, "spool_oldest_age_seconds", "How long the oldest spooled batch has been waiting.");
        damagedRecords = counter(registry, "spool_damaged_records", "Spooled batches that could not be read.");
        tornBytes = counter(registry, "spool_torn_bytes", "Bytes cut from the end of the spool at the start.");
        acknowledged = Histogram.builder()
                .name("conjunct_ingest_ack_seconds")
                .help("From a request's last byte to the moment its events were durable.")
                .classicOnly()
                .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 1, 5)
                .register(registry);
        acknowledgedLately = Summary.builder()
                .name("conjunct_ingest_ack_recent_seconds")
                .help("The same over the last minute.")
                .quantile(0.5, 0.01)
                .quantile(0.99, 0.001)
                .maxAgeSeconds(60)
                .register(registry);
        batches = counter(registry, "batches", "Batches acknowledged by Kafka.", "type");
        batchBytes = counter(registry, "batch_bytes", "Encoded bytes of acknowledged batches, before compression.");
        evictedStreams = counter(registry, "evicted_streams", "Cumulative streams forgotten because of their number.");
        connections = Gauge.builder()
                .name("conjunct_ingest_connections")
                .help("Open connections.")
                .labelNames("door")
                .register(registry);
        connectionsClosed = counter(registry, "connections_closed", "Connections closed by us.", "door", "reason");
        readingPauses = counter(registry, "reading_pauses", "Times a connection was not read for a while.", "door");
    }

    /** Tells from now on how much of requests is in memory. */
    public void requestBytes(LongSupplier held) {
        GaugeWithCallback.builder()
                .name("conjunct_ingest_request_bytes")
                .help("Bytes of requests in memory.")
                .callback(callback -> callback.call(held.getAsLong()))
                .register(registry);
    }

    /** From 0 on: a series that begins with its first rejection hides that one from {@code rate()}. */
    private void beginRejections() {
        for (Signal signal : Signal.values()) {
            for (String transport : TRANSPORTS) {
                for (Rejection reason : Rejection.values()) {
                    if (reason.reported()) {
                        rejected.initLabelValues(signal.label(), transport, reason.label());
                    }
                }
            }
        }
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder()
                .name("conjunct_ingest_" + name + "_total")
                .help(help)
                .labelNames(labels)
                .register(registry);
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help) {
        return Gauge.builder().name("conjunct_ingest_" + name).help(help).register(registry);
    }

    /** Adds what happened to the records of a request. */
    public void decoded(Signal signal, String transport, Tally tally) {
        String kind = signal.label();
        received.labelValues(kind, transport).inc(tally.received());
        accepted.labelValues(kind, transport).inc(tally.accepted());
        for (Rejection reason : Rejection.values()) {
            if (tally.rejected(reason) > 0) {
                rejected.labelValues(kind, transport, reason.label()).inc(tally.rejected(reason));
            }
        }
        for (Adjustment adjustment : Adjustment.values()) {
            if (tally.adjusted(adjustment) > 0) {
                adjusted.labelValues(kind, adjustment.label()).inc(tally.adjusted(adjustment));
            }
        }
        tally.shaped().forEach((what, count) -> {
            if (what.how().isTime()) {
                clocks.labelValues(boundedService(what.service()), what.how().label())
                        .inc(count);
            } else {
                folded.labelValues(boundedKey(what.key()), what.how().label()).inc(count);
            }
            if (notes.containsKey(what) || notes.size() < MAX_NOTES) {
                notes.computeIfAbsent(what, w -> new LongAdder()).add(count);
            }
        });
        skipped.labelValues("not_read").inc(tally.unread());
        skipped.labelValues("private").inc(tally.secret());
    }

    /** Attribute keys come from outside: only the first {@value #MAX_FOLDED_KEYS} get a series of their own. */
    private String boundedKey(String key) {
        return foldedKeys.contains(key) || (foldedKeys.size() < MAX_FOLDED_KEYS && foldedKeys.add(key))
                ? key
                : IngestProfile.OTHER;
    }

    private String boundedService(String service) {
        return clockServices.contains(service) || (clockServices.size() < MAX_FOLDED_KEYS && clockServices.add(service))
                ? service
                : IngestProfile.OTHER;
    }

    /** What was shaped for most events since the start, most first. */
    public Map<Shaped, Long> topShaped(int most) {
        Map<Shaped, Long> top = new LinkedHashMap<>();
        notes.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue().sum()))
                .sorted(Map.Entry.<Shaped, Long>comparingByValue().reversed())
                .limit(most)
                .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
        return top;
    }

    /** An attribute of this name was seen and never leaves the process. */
    public void privateKey(String key) {
        if (privateKeys.size() < MAX_FOLDED_KEYS && key.length() <= MAX_KEY_CHARS) {
            privateKeys.add(key);
        }
    }

    /** The names of attributes that came and never leave the process, in alphabetical order. */
    public List<String> privateKeys() {
        return List.copyOf(privateKeys);
    }

    /**
     * An export request was answered.
     *
     * @param kind a {@link Signal#label()}, or {@code unknown}
     */
    public void answered(String kind, String transport, String outcome) {
        requests.labelValues(kind, transport, outcome).inc();
    }

    /** A request came again and was not read. */
    public void duplicate(Signal signal, String transport) {
        duplicates.labelValues(signal.label(), transport).inc();
    }

    /** Accepted events are on their way, or, negative, no longer. */
    public void spooled(long change) {
        spooled.inc((double) change);
    }

    /** What a start found in the spool. */
    public void recovered(long events, long damaged, long torn) {
        recovered.inc(events);
        spooled.inc((double) events);
        damagedRecords.inc(damaged);
        tornBytes.inc(torn);
    }

    public void spoolBytes(long bytes) {
        spoolBytes.set((double) bytes);
    }

    public void oldestAge(Duration age) {
        oldestAge.set(age.toMillis() / 1e3);
    }

    /** A spooled batch of this many events cannot be read. */
    public void damaged(long events) {
        damagedRecords.inc();
        dropped(events, "damaged");
    }

    /** The events of a request became durable. */
    public void acknowledged(long nanos) {
        acknowledged.observe(nanos / 1e9);
        acknowledgedLately.observe(nanos / 1e9);
    }

    /** Kafka acknowledged a batch. */
    public void delivered(long events, int bytes) {
        spooled.inc((double) -events);
        delivered.inc(events);
        batches.labelValues(events == 0 ? "heartbeat" : "events").inc();
        batchBytes.inc(bytes);
    }

    /** Accepted events are given up. */
    public void dropped(long events, String reason) {
        spooled.inc((double) -events);
        dropped.labelValues(reason).inc(events);
    }

    /** How many connections are open. */
    public void connections(String door, int open) {
        connections.labelValues(door).set(open);
    }

    /**
     * A connection was closed: {@code crowded} to make room for another one, {@code slow} because it kept us waiting,
     * {@code memory} or {@code error} because we could not go on with it.
     */
    public void connectionClosed(String door, String reason) {
        connectionsClosed.labelValues(door, reason).inc();
    }

    /** There was no room to read a connection into; it is read a little later. */
    public void readingPaused(String door) {
        readingPauses.labelValues(door).inc();
    }

    public void evictedStream() {
        evictedStreams.inc();
    }

    /** How many cumulative streams were forgotten. */
    public long evictedStreams() {
        return (long) evictedStreams.get();
    }
}
