// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where records go, and where this node keeps what it must not lose. */
final class KafkaOptions {
    static final String EMBEDDED = "embedded";

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            defaultValue = EMBEDDED,
            description = "A Kafka broker, or 'embedded' for one in this process: one node, no replicas (default:"
                    + " ${DEFAULT-VALUE}).")
    String kafka = EMBEDDED;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "What this node keeps on disk: the embedded broker's log, engine state, the sidecar's spool"
                    + " (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("data");

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = TopicOptions.DEFAULT_PREFIX,
            description = "What the names of all topics begin with (default: ${DEFAULT-VALUE}).")
    String topicPrefix = TopicOptions.DEFAULT_PREFIX;

    /**
     * The broker that a role of its own process shares with the others.
     *
     * @throws ConfigurationProblem when none is named
     */
    String named() {
        if (embedded()) {
            throw new ConfigurationProblem("one role alone needs the broker of the others: give --kafka HOST:PORT");
        }
        return kafka;
    }

    boolean embedded() {
        return kafka.equals(EMBEDDED);
    }
}
