// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.rule.Loaded;
import io.conjunct.sink.Receivers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code conjunct run}: everything in one process. */
@Command(name = "run", description = "Run everything in one process: sidecar, correlator, alert sink, and a broker.")
final class RunCommand extends NodeCommand {
    @Mixin
    private final IngestOptions ingest = new IngestOptions();

    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Mixin
    private final SinkOptions sink = new SinkOptions();

    @Override
    void startRoles(NodeStart start, DataDirectory data) {
        Loaded rules = RuleDirectory.load(engine.rules);
        Receivers receivers = SinkRole.receivers(sink);
        NodeStart.Broker broker = start.broker(kafka, data);
        // The correlator first: it creates the topics. The sidecar last: nothing comes in that nobody would read.
        start.role("correlator", () -> CorrelatorRole.start(broker, kafka, data, engine, rules, start.registry()));
        start.role("sink", () -> SinkRole.start(broker, kafka, receivers, System.out, start.registry(), start::mount));
        start.role(
                "sidecar",
                () -> SidecarRole.start(
                        broker.bootstrap(), kafka, data, server, ingest, engine, start.registry(), start::watch));
    }
}
