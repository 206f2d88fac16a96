// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * The topology, one line per box of the README's diagram:
 *
 * <pre>
 * events -> measure -> partials -> decide -> signals
 *                                         -> alerts
 *                                         -> rules (which are in force)
 *                                         -> leg-pages
 * </pre>
 *
 * A batch that cannot be read goes to the dead letters. Every box and store has a name, so a new release finds the state
 * of the one before.
 */
final class CorrelationTopology {
    private CorrelationTopology() {}

    static Topology build(Topics topics, StreamsConfig config, MeasureStep measure, DecideStep decide) {
        // A partial says itself which task it is for.
        StreamPartitioner<Integer, byte[]> toTask = (topic, task, partial, partitions) -> Optional.of(Set.of(task));

        Topology topology = new Topology(new TopologyConfig(config));
        topology.addSource("events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.events());
        topology.addProcessor("measure", measure, "events");
        topology.addSink(
                "to-partials",
                topics.partials(),
                new IntegerSerializer(),
                new ByteArraySerializer(),
                toTask,
                "measure");
        topology.addSink(
                "to-dead-letters",
                topics.deadLetters(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                "measure");

        topology.addSource("partials", new IntegerDeserializer(), new ByteArrayDeserializer(), topics.partials());
        topology.addProcessor("decide", decide, "partials");
        topology.addSink("to-signals", topics.signals(), new StringSerializer(), new StringSerializer(), "decide");
        topology.addSink("to-rules", topics.rules(), new StringSerializer(), new StringSerializer(), "decide");
        topology.addSink("to-alerts", topics.alerts(), new StringSerializer(), new StringSerializer(), "decide");
        topology.addSink("to-leg-pages", topics.legPages(), new StringSerializer(), new StringSerializer(), "decide");
        return topology;
    }
}
