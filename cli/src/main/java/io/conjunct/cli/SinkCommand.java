// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import io.conjunct.sink.Receivers;

/** {@code conjunct sink}: the alert sink alone. */
final class SinkCommand extends NodeCommand {
    private final SinkOptions sink = take(new SinkOptions());

    SinkCommand() {
        super("sink", "Run the alert sink alone: alerts to people.");
    }

    @Override
    void startRoles(NodeStart start, DataDirectory data) {
        kafka.named();
        Receivers receivers = SinkRole.receivers(sink);
        NodeStart.Broker broker = start.broker(kafka, data);
        LedgerRole ledger = new LedgerRole();
        start.show(ledger.section());
        start.role(
                "sink",
                () -> SinkRole.start(broker, kafka, receivers, System.out, start.registry(), ledger, start::mount));
        start.role("ledger", () -> ledger.start(broker, kafka, data, start.registry()));
    }
}
