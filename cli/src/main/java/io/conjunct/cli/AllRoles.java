// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.cli.reload.RuleReload;
import io.conjunct.cli.reload.RulesOnDisk;
import io.conjunct.correlate.Correlator;
import io.conjunct.sink.Receivers;
import java.io.PrintStream;

/** The options of a node that has every role, and how these start together. */
record AllRoles(KafkaOptions kafka, ServerOptions server, IngestOptions ingest, EngineOptions engine) {

    /**
     * Starts them in the order in which they need each other.
     *
     * @param console where a console receiver writes
     * @throws ConfigurationProblem when one of them cannot start
     */
    NodeStart.Broker start(NodeStart start, DataDirectory data, Receivers receivers, PrintStream console) {
        SidecarRole.probe(server, ingest);
        RulesOnDisk files = RulesRole.read(engine, kafka);
        NodeStart.Broker broker = start.broker(kafka, data);
        // The correlator first: it creates the topics. The sidecar late: nothing comes in that nobody would read.
        Correlator correlator = start.correlator(broker, kafka, data, engine);
        RuleReload rules = RulesRole.publish(files, correlator, data, start.registry());
        LedgerRole ledger = new LedgerRole();
        start.show(ledger.section());
        start.role(
                "sink",
                () -> SinkRole.start(broker, kafka, receivers, console, start.registry(), ledger, start::mount));
        start.sidecar(() -> SidecarRole.open(
                broker.bootstrap(),
                kafka,
                data,
                server,
                ingest,
                engine,
                correlator.published().latest(),
                start.registry()));
        start.role("rules", () -> RulesRole.watch(start, broker, kafka, correlator, rules));
        start.role("ledger", () -> ledger.start(broker, kafka, data, start.registry()));
        return broker;
    }
}
