// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.reload.RuleReload;
import io.conjunct.cli.reload.RulesOnDisk;
import io.conjunct.correlate.Correlator;
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
        RulesOnDisk files = RulesRole.read(engine, kafka);
        Receivers receivers = SinkRole.receivers(sink);
        NodeStart.Broker broker = start.broker(kafka, data);
        // The correlator first: it creates the topics. The sidecar last: nothing comes in that nobody would read.
        Correlator correlator = start.correlator(broker, kafka, data, engine);
        RuleReload rules = RulesRole.publish(files, correlator, data, start.registry());
        start.role("sink", () -> SinkRole.start(broker, kafka, receivers, System.out, start.registry(), start::mount));
        start.role(
                "sidecar",
                () -> SidecarRole.start(
                        broker.bootstrap(),
                        kafka,
                        data,
                        server,
                        ingest,
                        engine,
                        correlator.published().latest(),
                        start.registry()));
        start.role("rules", () -> RulesRole.watch(start, broker, kafka, correlator, rules));
    }
}
