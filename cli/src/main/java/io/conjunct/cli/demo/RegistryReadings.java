// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.OptionalDouble;

/** The readings as {@code /metrics} shows them: {@code conjunct_signal_value} of this process. */
final class RegistryReadings implements SignalReadings {
    private final PrometheusRegistry registry;

    RegistryReadings(PrometheusRegistry registry) {
        this.registry = registry;
    }

    @Override
    public OptionalDouble value(String signal) {
        for (MetricSnapshot snapshot : registry.scrape(name -> name.equals("conjunct_signal_value"))) {
            if (snapshot instanceof GaugeSnapshot gauge) {
                for (GaugeDataPointSnapshot point : gauge.getDataPoints()) {
                    if (signal.equals(point.getLabels().get("signal"))) {
                        return OptionalDouble.of(point.getValue());
                    }
                }
            }
        }
        return OptionalDouble.empty();
    }

    /** Spans the sidecar took in. */
    long spans() {
        double spans = 0;
        for (MetricSnapshot snapshot : registry.scrape(name -> name.startsWith("conjunct_ingest_accepted"))) {
            if (snapshot instanceof CounterSnapshot counter) {
                spans += counter.getDataPoints().stream()
                        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                        .sum();
            }
        }
        return (long) spans;
    }
}
