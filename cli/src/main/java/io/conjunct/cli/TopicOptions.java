// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.correlate.Topics;
import picocli.CommandLine.Option;

/** Which of a broker's topics are meant. */
final class TopicOptions {
    static final String DEFAULT_PREFIX = "conjunct.";

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = DEFAULT_PREFIX,
            description = "What the names of all topics begin with (default: ${DEFAULT-VALUE}).")
    String prefix = DEFAULT_PREFIX;

    Topics topics() {
        return new Topics(prefix);
    }
}
