// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.alert.Truth;
import io.conjunct.engine.DecideCounts;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.GroupTick.AlertState;
import io.conjunct.engine.MeasureCounts;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * The engine's numbers. Identity: {@code conjunct_engine_events_total = conjunct_engine_measured_events_total} plus the sum
 * of {@code conjunct_engine_unmeasured_events_total} over its reasons. Event counts are those of this process since it
 * started; work repeated after a crash is counted again.
 *
 * <p>At most {@value #MAX_EXPORTED} signal values are exported; all of them are in the signals topic.
 */
final class EngineMetrics {
    private static final int MAX_EXPORTED = 5_000;
    private static final long LOG_EVERY_NANOS = 60_000_000_000L;

    private final Map<Integer, MeasureCounts> measuring = new ConcurrentHashMap<>();
    private final Map<Integer, DecideCounts> deciding = new ConcurrentHashMap<>();
    private final Map<String, GroupTick> latest = new ConcurrentHashMap<>();
    private final Counter malformed;
    private final Counter pages;
    private final Counter transitions;
    private final AtomicLong nextLog = new AtomicLong(System.nanoTime());

    EngineMetrics(PrometheusRegistry registry) {
        events("conjunct_engine_events", "Events read from the event log.", registry, c -> c.events);
        events("conjunct_engine_measured_events", "Events counted by at least one signal.", registry, c -> c.measured);
        CounterWithCallback.builder()
                .name("conjunct_engine_unmeasured_events")
                .help("Events that no signal counted, by reason.")
                .labelNames("reason")
                .callback(callback -> {
                    callback.call(measured(c -> c.unmeasured), "no_signal");
                    callback.call(measured(c -> c.beforeRules), "before_rules");
                    callback.call(measured(c -> c.tooLate), "too_late");
                    callback.call(measured(c -> c.tooFarAhead), "too_far_ahead");
                })
                .register(registry);
        events("conjunct_engine_late_events", "Late events counted in a later pane.", registry, c -> c.lateFolded);
        events("conjunct_engine_clamped_events", "Events dated beyond their sender's clock.", registry, c -> c.clamped);
        events("conjunct_engine_unkeyed_events", "Events that lack a label to split by.", registry, c -> c.unkeyed);
        events(
                "conjunct_engine_duplicate_batches",
                "Batches seen before and skipped.",
                registry,
                c -> c.duplicateBatches);
        CounterWithCallback.builder()
                .name("conjunct_engine_partials")
                .help("Partials merged by the deciding step.")
                .callback(callback -> callback.call(decided(c -> c.partials)))
                .register(registry);
        CounterWithCallback.builder()
                .name("conjunct_engine_duplicate_partials")
                .help("Partials seen before; anything but 0 is a fault of exactly-once.")
                .callback(callback -> callback.call(decided(c -> c.duplicatePartials)))
                .register(registry);
        GaugeWithCallback.builder()
                .name("conjunct_engine_watermark_seconds")
                .help("Event time up to which everything is decided, Unix seconds, by task.")
                .labelNames("task")
                .callback(callback -> deciding.forEach((task, counts) -> {
                    if (counts.watermarkMillis != Long.MIN_VALUE) {
                        callback.call(counts.watermarkMillis / 1000.0, String.valueOf(task));
                    }
                }))
                .register(registry);
        malformed = Counter.builder()
                .name("conjunct_engine_malformed_records")
                .help("Records of the event log that could not be read and went to the dead letters.")
                .register(registry);
        pages = Counter.builder()
                .name("conjunct_rule_pages")
                .help("Pages a rule has decided, by rule.")
                .labelNames("group", "alert")
                .register(registry);
        transitions = Counter.builder()
                .name("conjunct_alert_transitions")
                .help("Alert transitions, by rule and new state.")
                .labelNames("group", "alert", "state")
                .register(registry);
        signals(registry);
        rules(registry);
    }

    private void signals(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("conjunct_signal_value")
                .help("Value of a signal at the last tick, in its unit; absent while unknown.")
                .labelNames("group", "signal", "labels", "unit")
                .callback(callback -> latest.forEach((group, tick) -> tick.samples().stream()
                        .limit(MAX_EXPORTED)
                        .filter(s -> Double.isFinite(s.value()))
                        .forEach(s -> callback.call(s.value(), group, s.signal(), text(s.labels()), s.unit()))))
                .register(registry);
        GaugeWithCallback.builder()
                .name("conjunct_signal_samples")
                .help("Events in the window of a signal at the last tick.")
                .labelNames("group", "signal", "labels")
                .callback(callback -> latest.forEach((group, tick) -> tick.samples().stream()
                        .limit(MAX_EXPORTED)
                        .forEach(s -> callback.call((double) s.n(), group, s.signal(), text(s.labels())))))
                .register(registry);
    }

    private void rules(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("conjunct_alert_state")
                .help("State of an alert: 0 inactive, 1 pending, 2 firing.")
                .labelNames("group", "alert", "labels")
                .callback(callback -> latest.forEach((group, tick) -> tick.rules().stream()
                        .limit(MAX_EXPORTED)
                        .forEach(r -> callback.call(level(r.state()), group, r.rule(), text(r.labels())))))
                .register(registry);
        GaugeWithCallback.builder()
                .name("conjunct_condition_state")
                .help("Whether a leg of a rule holds: 0 false, 0.5 unknown, 1 true.")
                .labelNames("group", "alert", "leg", "labels")
                .callback(callback -> latest.forEach((group, tick) -> tick.rules().stream()
                        .limit(MAX_EXPORTED)
                        .forEach(r -> r.legs()
                                .forEach(leg -> callback.call(
                                        level(leg.truth()), group, r.rule(), leg.text(), text(r.labels()))))))
                .register(registry);
        GaugeWithCallback.builder()
                .name("conjunct_condition_threshold")
                .help("Threshold of a leg of a rule, in the unit of its signal; absent while unknown.")
                .labelNames("group", "alert", "leg", "labels")
                .callback(callback -> latest.forEach((group, tick) -> tick.rules().stream()
                        .limit(MAX_EXPORTED)
                        .forEach(r -> r.legs().stream()
                                .filter(leg -> Double.isFinite(leg.threshold()))
                                .forEach(leg -> callback.call(
                                        leg.threshold(), group, r.rule(), leg.text(), text(r.labels()))))))
                .register(registry);
    }

    private void events(String name, String help, PrometheusRegistry registry, ToLongFunction<MeasureCounts> count) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(measured(count)))
                .register(registry);
    }

    private double measured(ToLongFunction<MeasureCounts> count) {
        return (double) measuring.values().stream().mapToLong(count).sum();
    }

    private double decided(ToLongFunction<DecideCounts> count) {
        return (double) deciding.values().stream().mapToLong(count).sum();
    }

    private static double level(AlertState state) {
        return switch (state) {
            case INACTIVE -> 0;
            case PENDING -> 1;
            case FIRING -> 2;
        };
    }

    private static double level(Truth truth) {
        return switch (truth) {
            case FALSE -> 0;
            case UNKNOWN -> 0.5;
            case TRUE -> 1;
        };
    }

    private static String text(Map<String, String> labels) {
        StringBuilder text = new StringBuilder();
        labels.forEach((key, value) ->
                text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(value));
        return text.toString();
    }

    /** The counts of a partition; the same object however often its task moves or restarts. */
    MeasureCounts measuring(int partition) {
        return measuring.computeIfAbsent(partition, p -> new MeasureCounts());
    }

    DecideCounts deciding(int task) {
        return deciding.computeIfAbsent(task, t -> new DecideCounts());
    }

    void alert(Alert alert) {
        transitions
                .labelValues(alert.group(), alert.name(), alert.state().word())
                .inc();
        if (alert.state() == State.FIRING
                && alert.tier() == Tier.PAGE
                && !alert.shadow()
                && alert.muted().isEmpty()) {
            pages.labelValues(alert.group(), alert.name()).inc();
        }
    }

    void tick(GroupTick tick) {
        GroupTick previous = latest.put(tick.group(), tick);
        if (previous == null || previous.rules().size() != tick.rules().size()) {
            // From 0 on: a counter that begins at 1 has never changed, and its first page would show nowhere.
            tick.rules().forEach(state -> pages.initLabelValues(tick.group(), state.rule()));
        }
    }

    Map<String, GroupTick> latest() {
        return latest;
    }

    /** Counts a record that cannot be read; true when it is time to log one again. */
    boolean malformed() {
        malformed.inc();
        long now = System.nanoTime();
        long due = nextLog.get();
        return now - due >= 0 && nextLog.compareAndSet(due, now + LOG_EVERY_NANOS);
    }
}
