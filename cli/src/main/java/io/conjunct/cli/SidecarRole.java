// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;

/** The sidecar as a part of a node: OTLP in, event batches to Kafka out. */
final class SidecarRole {
    private SidecarRole() {}

    static Component start(
            String bootstrap,
            KafkaOptions kafka,
            Path data,
            ServerOptions server,
            IngestOptions ingest,
            EngineOptions engine,
            PrometheusRegistry registry) {
        throw new ConfigurationProblem("this build has no sidecar");
    }
}
