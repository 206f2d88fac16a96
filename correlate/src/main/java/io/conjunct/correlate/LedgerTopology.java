// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;

/**
 * The ledger, one line per box of the diagram in {@code docs/track-record.md}:
 *
 * <pre>
 * alerts, deliveries, verdicts, leg-pages -> ledger -> track-records
 *                                                   -> alerts          (tickets of the gate)
 * </pre>
 *
 * An application of its own, so that whatever befalls the ledger, decisions and pages go on. Its topics have one partition
 * each: pages are few, and a rule's record needs all of them together.
 */
final class LedgerTopology {
    private LedgerTopology() {}

    static Topology build(Topics topics, StreamsConfig config, LedgerStep ledger) {
        Topology topology = new Topology(new TopologyConfig(config));
        topology.addSource("alerts", new StringDeserializer(), new StringDeserializer(), topics.alerts());
        topology.addSource("deliveries", new StringDeserializer(), new StringDeserializer(), topics.deliveries());
        topology.addSource("verdicts", new StringDeserializer(), new StringDeserializer(), topics.verdicts());
        topology.addSource("leg-pages", new StringDeserializer(), new StringDeserializer(), topics.legPages());
        topology.addProcessor("ledger", ledger, "alerts", "deliveries", "verdicts", "leg-pages");
        topology.addSink(
                LedgerStep.RECORDS, topics.trackRecords(), new StringSerializer(), new StringSerializer(), "ledger");
        topology.addSink(LedgerStep.TICKETS, topics.alerts(), new StringSerializer(), new StringSerializer(), "ledger");
        return topology;
    }
}
