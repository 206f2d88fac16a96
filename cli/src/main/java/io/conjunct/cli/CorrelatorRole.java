// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;

/** The correlator as a part of a node: it creates the topics and hosts the engine. */
final class CorrelatorRole {
    private CorrelatorRole() {}

    static Component start(
            String bootstrap, KafkaOptions kafka, Path data, EngineOptions engine, PrometheusRegistry registry) {
        throw new ConfigurationProblem("this build has no correlator");
    }
}
