// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.rule.Loaded;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code conjunct correlate}: the correlator alone. */
@Command(name = "correlate", description = "Run the correlator alone: event batches in, alerts out.")
final class CorrelateCommand extends NodeCommand {
    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Override
    void startRoles(NodeStart start, DataDirectory data) {
        kafka.named();
        Loaded rules = RuleDirectory.load(engine.rules);
        NodeStart.Broker broker = start.broker(kafka, data);
        start.role("correlator", () -> CorrelatorRole.start(broker, kafka, data, engine, rules, start.registry()));
    }
}
