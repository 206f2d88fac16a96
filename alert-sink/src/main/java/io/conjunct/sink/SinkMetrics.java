// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.sink.receiver.FailureReason;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The sink's books. Counted in deliveries: a record counts once for every receiver it is for, and once when it is for
 * nobody. At any time, with {@code deliveries_total} by its label {@code outcome}:
 *
 * <pre>read = delivered + skipped(reason) + dead_lettered + already_told + not_needed + handed_over + queued</pre>
 *
 * {@code already_told} is what the delivery log proves; {@code not_needed} is what a fallback did not have to tell.
 * Notices about failed deliveries count as read too.
 * {@code handed_over} is what waited when its partition went to another sink, which delivers it. A failure is one
 * attempt, so failures are not part of the sum.
 */
final class SinkMetrics implements AutoCloseable {
    private final PrometheusRegistry registry;
    private final List<Collector> collectors = new ArrayList<>();
    private final Counter read;
    private final Counter skipped;
    private final Counter deliveries;
    private final Counter failures;
    private final Counter redirects;
    private final Counter deadLettersLost;
    private final Counter logForgotten;
    private final Counter logUnreadable;
    private final Counter outcomesUnlogged;
    private final Counter noticesDropped;
    private final Counter trendsDropped;
    private final Counter demoted;

    SinkMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        read = counter("conjunct_sink_read_total", "Deliveries that records of the alerts topic came to.");
        skipped = counter("conjunct_sink_skipped_total", "Records that are for nobody.", "reason");
        deliveries = counter("conjunct_sink_deliveries_total", "Deliveries that are over.", "receiver", "outcome");
        failures = counter("conjunct_sink_failures_total", "Attempts that failed.", "receiver", "reason");
        redirects = counter("conjunct_sink_redirects_refused_total", "Redirects that were answered and not followed.");
        deadLettersLost = counter(
                "conjunct_sink_dead_letters_lost_total", "Dead letters that Kafka did not take; they are in the log.");
        logForgotten = counter(
                "conjunct_sink_log_forgotten_total", "Old episodes of the delivery log that memory had no room for.");
        logUnreadable = counter("conjunct_sink_log_unreadable_total", "Records of the delivery log that are none.");
        outcomesUnlogged = counter(
                "conjunct_sink_outcomes_unlogged_total", "Outcomes the delivery log did not take; they may repeat.");
        noticesDropped = counter(
                "conjunct_sink_notices_dropped_total", "Failed deliveries that no other receiver could be told of.");
        trendsDropped = counter(
                "conjunct_sink_trends_dropped_total",
                "Values of signals that messages go without: no room, or unreadable.");
        demoted = counter(
                "conjunct_sink_demoted_total",
                "Episodes that were tickets in place of pages, by their record.",
                "rule");
        for (Skipped reason : Skipped.values()) {
            skipped.initLabelValues(reason.word());
        }
    }

    /** Starts the series of these lanes at zero and shows their queues. */
    void show(Collection<Lane> lanes, InstantSource clock) {
        for (Lane lane : lanes) {
            for (String outcome : List.of("delivered", "dead_lettered", "already_told", "not_needed", "handed_over")) {
                deliveries.initLabelValues(lane.receiver(), outcome);
            }
            for (FailureReason reason : FailureReason.values()) {
                failures.initLabelValues(lane.receiver(), reason.word());
            }
        }
        collectors.add(GaugeWithCallback.builder()
                .name("conjunct_sink_queue_length")
                .help("Deliveries that wait, with the one under way.")
                .labelNames("receiver")
                .callback(value -> lanes.forEach(lane -> value.call(lane.queued(), lane.receiver())))
                .register(registry));
        collectors.add(GaugeWithCallback.builder()
                .name("conjunct_sink_oldest_undelivered_seconds")
                .help("Since when the delivery that waits longest was read, over all receivers; 0 when none waits.")
                .callback(value -> value.call(lanes.stream()
                        .flatMap(lane -> lane.oldest().stream())
                        .mapToDouble(since -> Math.max(
                                0, Duration.between(since, clock.instant()).toMillis() / 1_000.0))
                        .max()
                        .orElse(0)))
                .register(registry));
    }

    void read(int count) {
        read.inc(count);
    }

    void skipped(Skipped reason) {
        skipped.labelValues(reason.word()).inc();
    }

    void delivered(String receiver) {
        deliveries.labelValues(receiver, "delivered").inc();
    }

    void deadLettered(String receiver) {
        deliveries.labelValues(receiver, "dead_lettered").inc();
    }

    /** The log proves that this was told, or that it must not be told any more. */
    void alreadyTold(String receiver) {
        deliveries.labelValues(receiver, "already_told").inc();
    }

    /** Those it was for have it, so nobody had to stand in. */
    void notNeeded(String receiver) {
        deliveries.labelValues(receiver, "not_needed").inc();
    }

    void logForgotten() {
        logForgotten.inc();
    }

    void logUnreadable() {
        logUnreadable.inc();
    }

    void outcomeUnlogged() {
        outcomesUnlogged.inc();
    }

    void trendDropped() {
        trendsDropped.inc();
    }

    void demoted(String rule) {
        demoted.labelValues(rule).inc();
    }

    void noticeDropped() {
        noticesDropped.inc();
    }

    void handedOver(String receiver, int count) {
        deliveries.labelValues(receiver, "handed_over").inc(count);
    }

    void failed(String receiver, FailureReason reason) {
        failures.labelValues(receiver, reason.word()).inc();
    }

    void redirectRefused() {
        redirects.inc();
    }

    void deadLetterLost() {
        deadLettersLost.inc();
    }

    private Counter counter(String name, String help, String... labels) {
        Counter counter =
                Counter.builder().name(name).help(help).labelNames(labels).register(registry);
        collectors.add(counter);
        return counter;
    }

    /** Takes the metrics out of the registry, so that a sink can be started again in the same process. */
    @Override
    public void close() {
        collectors.forEach(registry::unregister);
    }
}
