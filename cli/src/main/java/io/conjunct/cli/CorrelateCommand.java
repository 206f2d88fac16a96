// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.reload.RuleReload;
import io.conjunct.cli.reload.RulesOnDisk;
import io.conjunct.correlate.Correlator;

/** {@code conjunct correlate}: the correlator alone. */
final class CorrelateCommand extends NodeCommand {
    private final EngineOptions engine = take(new EngineOptions());

    CorrelateCommand() {
        super("correlate", "Run the correlator alone: event batches in, alerts out.");
    }

    @Override
    void startRoles(NodeStart start, DataDirectory data) {
        kafka.named();
        if (engine.hasNoRules()) {
            NodeStart.Broker broker = start.broker(kafka, data);
            Correlator correlator = start.correlator(broker, kafka, data, engine);
            start.role("rules", () -> RulesRole.follow(start, broker, kafka, correlator));
            return;
        }
        RulesOnDisk files = RulesRole.read(engine, kafka);
        NodeStart.Broker broker = start.broker(kafka, data);
        Correlator correlator = start.correlator(broker, kafka, data, engine);
        RuleReload rules = RulesRole.publish(files, correlator, data, start.registry());
        start.role("rules", () -> RulesRole.watch(start, broker, kafka, correlator, rules));
    }
}
