// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.TreeMap;

/** Reads the sink's metrics, and asserts that they balance. */
final class Books {
    private final PrometheusRegistry registry;

    Books(PrometheusRegistry registry) {
        this.registry = registry;
    }

    /** The sum over the series of a metric that have these labels. */
    double sum(String name, Map<String, String> labels) {
        double sum = 0;
        for (MetricSnapshot metric : registry.scrape()) {
            if (!metric.getMetadata().getPrometheusName().equals(name)) {
                continue;
            }
            for (var point : metric.getDataPoints()) {
                Map<String, String> have = new TreeMap<>();
                point.getLabels().forEach(label -> have.put(label.getName(), label.getValue()));
                if (have.entrySet().containsAll(labels.entrySet())) {
                    sum += point instanceof CounterSnapshot.CounterDataPointSnapshot counter
                            ? counter.getValue()
                            : ((GaugeSnapshot.GaugeDataPointSnapshot) point).getValue();
                }
            }
        }
        return sum;
    }

    double sum(String name) {
        return sum(name, Map.of());
    }

    double failures(String receiver, String reason) {
        return sum("conjunct_sink_failures", Map.of("receiver", receiver, "reason", reason));
    }

    double outcomes(String outcome) {
        return sum("conjunct_sink_deliveries", Map.of("outcome", outcome));
    }

    /** read = delivered + skipped + dead-lettered + handed over + queued. */
    void balance() {
        assertThat(sum("conjunct_sink_read"))
                .as("read")
                .isEqualTo(sum("conjunct_sink_deliveries")
                        + sum("conjunct_sink_skipped")
                        + sum("conjunct_sink_queue_length"));
    }
}
