// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static java.util.Objects.requireNonNull;

import io.conjunct.engine.EngineSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What one correlate process needs to know.
 *
 * @param bootstrap Kafka's addresses, {@code HOST:PORT[,HOST:PORT]}
 * @param topicPrefix before every topic's name
 * @param instance name of this process, stable over restarts
 * @param stateDir where RocksDB keeps its files; a cache, rebuilt from Kafka when lost
 * @param engine what all roles agree on
 * @param allowedLateness how far behind the clock the heartbeats for quiet partitions promise
 * @param threads stream threads
 * @param eventPartitions of the event log, when it has to be created
 * @param taskPartitions over which rule groups are spread, when the topic has to be created
 * @param replication of topics that have to be created, and of changelogs
 * @param heartbeats whether to keep time moving in quiet partitions; off when a recording is replayed
 * @param soleInstance nobody else is in the group: members left by a crash are removed at once
 * @param kafka further client properties (security)
 */
public record CorrelatorSettings(
        String bootstrap,
        String topicPrefix,
        String instance,
        Path stateDir,
        EngineSettings engine,
        Duration allowedLateness,
        int threads,
        int eventPartitions,
        int taskPartitions,
        int replication,
        boolean heartbeats,
        boolean soleInstance,
        Map<String, String> kafka) {
    public CorrelatorSettings {
        requireNonNull(bootstrap, "bootstrap");
        requireNonNull(topicPrefix, "topicPrefix");
        requireNonNull(instance, "instance");
        requireNonNull(stateDir, "stateDir");
        requireNonNull(engine, "engine");
        if (allowedLateness.isNegative()) {
            throw new IllegalArgumentException("allowedLateness: " + allowedLateness + " (expected: not negative)");
        }
        requirePositive("threads", threads);
        requirePositive("eventPartitions", eventPartitions);
        requirePositive("taskPartitions", taskPartitions);
        requirePositive("replication", replication);
        kafka = Map.copyOf(kafka);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }
}
