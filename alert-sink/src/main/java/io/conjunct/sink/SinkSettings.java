// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the alert sink needs to run.
 *
 * @param bootstrapServers of Kafka, {@code host:port} with commas between
 * @param topicPrefix before {@code alerts}, {@code deliveries}, {@code verdicts} and {@code dead-letters}
 * @param groupId of the consumer: sinks with the same one share the work
 * @param receivers who is told what
 * @param console where the console receiver writes
 * @param kafka further properties of the Kafka clients, such as security; they win over ours, may hold secrets, and are
 *     never printed
 * @param clock for retries and ages
 */
public record SinkSettings(
        String bootstrapServers,
        String topicPrefix,
        String groupId,
        Receivers receivers,
        PrintStream console,
        Map<String, String> kafka,
        InstantSource clock) {
    /** What topics begin with when nothing is said. */
    public static final String DEFAULT_PREFIX = "conjunct.";
    /** The consumer group when nothing is said. */
    public static final String DEFAULT_GROUP = "conjunct-alert-sink";

    public SinkSettings {
        requireText(bootstrapServers, "bootstrapServers", "host:port");
        requireNonNull(topicPrefix, "topicPrefix");
        if (!topicPrefix.matches("[A-Za-z0-9._-]{0,100}")) {
            throw new IllegalArgumentException("topicPrefix: " + topicPrefix
                    + " (expected: up to 100 letters, digits, dots, dashes, underscores)");
        }
        requireText(groupId, "groupId", "the name of a consumer group");
        requireNonNull(receivers, "receivers");
        requireNonNull(console, "console");
        kafka = Map.copyOf(kafka);
        requireNonNull(clock, "clock");
    }

    /** The usual names, no further properties, the system's clock. */
    public static SinkSettings of(String bootstrapServers, Receivers receivers, PrintStream console) {
        return new SinkSettings(
                bootstrapServers, DEFAULT_PREFIX, DEFAULT_GROUP, receivers, console, Map.of(), InstantSource.system());
    }

    /** The topic that is read. */
    public String alertsTopic() {
        return topicPrefix + "alerts";
    }

    /** The topic of what signals were. */
    public String signalsTopic() {
        return topicPrefix + "signals";
    }

    /** The topic of what was sent to whom. */
    public String deliveriesTopic() {
        return topicPrefix + "deliveries";
    }

    /** The topic of what people said about pages. */
    public String verdictsTopic() {
        return topicPrefix + "verdicts";
    }

    /** The topic of each rule's record. */
    public String trackRecordsTopic() {
        return topicPrefix + "track-records";
    }

    /** The topic of what could not be delivered. */
    public String deadLettersTopic() {
        return topicPrefix + "dead-letters";
    }

    private static void requireText(String text, String name, String expected) {
        requireNonNull(text, name);
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + ": blank (expected: " + expected + ")");
        }
    }

    /** The names of the Kafka properties, not their values. */
    @Override
    public String toString() {
        return "SinkSettings[" + bootstrapServers + ", " + alertsTopic() + ", group " + groupId + ", " + receivers
                + ", kafka " + new TreeMap<>(kafka).keySet() + "]";
    }
}
