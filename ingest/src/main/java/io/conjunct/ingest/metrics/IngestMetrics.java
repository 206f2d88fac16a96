// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.metrics;

import io.conjunct.ingest.otlp.Signal;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sidecar's own metrics. Two identities hold at rest:
 *
 * <pre>
 *   received = accepted + rejected(reason)                   records of requests that could be decoded
 *   accepted = delivered + in_flight + undelivered(reason)   events, once per record
 * </pre>
 *
 * Rejected records include those that are no events by nature (log records without an event name); only
 * {@link Rejection#reported()} ones are reported to the client. Undelivered events were answered with a failure, so their
 * client sends them again. Requests that could not be decoded have no records and are counted in requests only.
 */
public final class IngestMetrics {
    private static final int MAX_FOLDED_KEYS = 100;

    private final Counter received;
    private final Counter accepted;
    private final Counter rejected;
    private final Counter adjusted;
    private final Counter folded;
    private final Counter requests;
    private final Counter delivered;
    private final Counter undelivered;
    private final Gauge inFlight;
    private final Counter batches;
    private final Counter batchBytes;
    private final Counter evictedStreams;
    private final Set<String> foldedKeys = ConcurrentHashMap.newKeySet();

    public IngestMetrics(PrometheusRegistry registry) {
        received = counter(registry, "received", "Records decoded.", "kind", "transport");
        accepted = counter(registry, "accepted", "Records that became events of a batch.", "kind", "transport");
        rejected = counter(registry, "rejected", "Records that became no event.", "kind", "transport", "reason");
        adjusted = counter(registry, "adjusted", "Corrections of accepted records.", "kind", "reason");
        folded = counter(registry, "folded", "Events with a value folded for its attribute's cardinality.", "key");
        requests = counter(registry, "requests", "Export requests answered.", "kind", "transport", "outcome");
        delivered = counter(registry, "delivered", "Events acknowledged by Kafka.");
        undelivered = counter(registry, "undelivered", "Accepted events that never reached Kafka.", "reason");
        inFlight = Gauge.builder()
                .name("conjunct_ingest_in_flight")
                .help("Accepted events not yet acknowledged by Kafka.")
                .register(registry);
        batches = counter(registry, "batches", "Batches acknowledged by Kafka.", "type");
        batchBytes = counter(registry, "batch_bytes", "Encoded bytes of acknowledged batches, before compression.");
        evictedStreams = counter(registry, "evicted_streams", "Cumulative streams forgotten because of their number.");
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder()
                .name("conjunct_ingest_" + name + "_total")
                .help(help)
                .labelNames(labels)
                .register(registry);
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
        tally.folded()
                .forEach((key, count) -> folded.labelValues(boundedKey(key)).inc(count));
    }

    /** Attribute keys come from outside: only the first {@value #MAX_FOLDED_KEYS} get a series of their own. */
    private String boundedKey(String key) {
        if (foldedKeys.size() < MAX_FOLDED_KEYS) {
            foldedKeys.add(key);
        }
        return foldedKeys.contains(key) ? key : "__other__";
    }

    /**
     * An export request was answered.
     *
     * @param kind a {@link Signal#label()}, or {@code unknown}
     */
    public void answered(String kind, String transport, String outcome) {
        requests.labelValues(kind, transport, outcome).inc();
    }

    /** Events entered or left the time between acceptance and Kafka's acknowledgement. */
    public void inFlight(long change) {
        inFlight.inc((double) change);
    }

    public void delivered(long events, int bytes) {
        delivered.inc(events);
        batches.labelValues(events == 0 ? "heartbeat" : "events").inc();
        batchBytes.inc(bytes);
    }

    public void undelivered(long events, String reason) {
        undelivered.labelValues(reason).inc(events);
    }

    public void evictedStream() {
        evictedStreams.inc();
    }
}
