// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Path;

/** Where records go, and where this node keeps what it must not lose. */
final class KafkaOptions extends Options {
    private static final String EMBEDDED = "embedded";

    final Setting<String> kafka = text(
            "--kafka",
            "HOST:PORT",
            EMBEDDED,
            "A Kafka broker, or 'embedded' for one in this process: one node, no replicas");

    final Setting<Path> data = path(
            "--data",
            "DIR",
            "data",
            "What this node keeps on disk: the embedded broker's log, engine state, the sidecar's spool");

    final Setting<String> topicPrefix =
            text("--topic-prefix", "PREFIX", TopicOptions.DEFAULT_PREFIX, "What the names of all topics begin with");

    /**
     * The broker that a role of its own process shares with the others.
     *
     * @throws ConfigurationProblem when none is named
     */
    String named() {
        if (embedded()) {
            throw new ConfigurationProblem("one role alone needs the broker of the others: give --kafka HOST:PORT");
        }
        return kafka.get();
    }

    boolean embedded() {
        return kafka.get().equals(EMBEDDED);
    }
}
