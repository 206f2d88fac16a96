// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.Component.Stage;
import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.correlate.Correlator;
import io.conjunct.correlate.CorrelatorSettings;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleUpdate;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;

/** The correlator as a part of a node: it creates the topics, hosts the engine and puts the rules in force. */
final class CorrelatorRole {
    private static final int CLUSTER_PARTITIONS = 12;
    private static final int REPLICATION = 3;

    private CorrelatorRole() {}

    static Component start(
            NodeStart.Broker broker,
            KafkaOptions kafka,
            DataDirectory data,
            EngineOptions engine,
            Loaded rules,
            PrometheusRegistry registry) {
        RuleSet ruleSet = rules.ruleSet().orElseThrow();
        Correlator correlator = start(settings(broker, kafka, data, engine), registry);
        correlator.publish(ruleSet.revision(), rules.sources());
        return new Component(
                "correlator",
                Stage.CORRELATION,
                correlator::notReady,
                rules.sources().size() + " rule files, revision " + ruleSet.revision(),
                correlator::close);
    }

    private static Correlator start(CorrelatorSettings settings, PrometheusRegistry registry) {
        try {
            return Correlator.start(settings, CorrelatorRole::compile, registry, tick -> {});
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
                    kafka.topicPrefix,
                    data.node(),
                    data.path().resolve("state"),
                    EngineSettings.of(engine.tick).withIdleTimeout(engine.idleTimeout),
                    engine.allowedLateness,
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

    private static RuleSet compile(RuleUpdate update) {
        Loaded loaded = RuleLoader.load(update.files(), update.revision());
        return loaded.ruleSet()
                .orElseThrow(() -> new IllegalStateException(
                        "rules of revision " + update.revision() + " cannot be read: " + loaded.diagnostics()));
    }
}
