// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.reload;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** How the reloading of rules goes, in the words that Prometheus' own dashboards and alerts know. */
public final class ReloadMetrics {
    private final Gauge successful;
    private final Gauge success;
    private final Counter attempts;

    public ReloadMetrics(PrometheusRegistry registry) {
        successful = Gauge.builder()
                .name("conjunct_rules_last_reload_successful")
                .help("Whether the rule files were good when they were last read.")
                .register(registry);
        success = Gauge.builder()
                .name("conjunct_rules_last_reload_success_timestamp_seconds")
                .help("When the rule files were last read and good, Unix seconds.")
                .register(registry);
        attempts = Counter.builder()
                .name("conjunct_rules_reloads")
                .help("Looks at the rule files, by what came of them.")
                .labelNames("result")
                .register(registry);
        for (Attempt.Result result : Attempt.Result.values()) {
            attempts.initLabelValues(result.word());
        }
    }

    void count(Attempt attempt) {
        attempts.labelValues(attempt.result().word()).inc();
        successful.set(attempt.successful() ? 1 : 0);
        if (attempt.successful()) {
            success.set(attempt.at().toEpochMilli() / 1000.0);
        }
    }
}
