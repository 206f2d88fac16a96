// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.Component.Stage;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.correlate.Correlator;
import io.conjunct.correlate.CorrelatorSettings;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleUpdate;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;

/** The correlator as a part of a node: it creates the topics and hosts the engine. */
final class CorrelatorRole {
    private static final int CLUSTER_PARTITIONS = 12;
    private static final int REPLICATION = 3;

    private CorrelatorRole() {}

    static Correlator start(
            NodeStart.Broker broker,
            KafkaOptions kafka,
            DataDirectory data,
            EngineOptions engine,
            PrometheusRegistry registry) {
        CorrelatorSettings settings = settings(broker, kafka, data, engine);
        try {
            return Correlator.start(settings, RuleUpdate.Compiler.YAML, registry, tick -> {});
        } catch (IllegalStateException e) {
            throw ConfigurationProblem.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigurationProblem("interrupted while the correlator started", e);
        }
    }

    private static CorrelatorSettings settings(
            NodeStart.Broker broker, KafkaOptions kafka, DataDirectory data, EngineOptions engine) {
        boolean embedded = kafka.embedded();
        try {
            return new CorrelatorSettings(
                    broker.bootstrap(),
                    kafka.topicPrefix.get(),
                    data.node(),
                    data.path().resolve("state"),
                    EngineSettings.of(engine.tick.get()).withIdleTimeout(engine.idleTimeout.get()),
                    engine.allowedLateness.get(),
                    embedded ? 1 : Runtime.getRuntime().availableProcessors(),
                    embedded ? 2 : CLUSTER_PARTITIONS,
                    embedded ? 1 : CLUSTER_PARTITIONS,
                    Math.min(REPLICATION, broker.nodes()),
                    true,
                    embedded,
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw ConfigurationProblem.of(e);
        }
    }

    /** As a part of a node. */
    static Component component(Correlator correlator) {
        return new Component("correlator", Stage.CORRELATION, correlator::notReady, "", correlator::close);
    }
}
