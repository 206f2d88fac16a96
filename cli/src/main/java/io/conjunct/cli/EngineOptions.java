// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What all roles must agree on, and the rules. */
final class EngineOptions {
    private static final String DEFAULT_RULES = "rules";

    @Option(
            names = "--rules",
            paramLabel = "DIR",
            defaultValue = DEFAULT_RULES,
            description = "Rule files, *.yaml; read again when they change (default: ${DEFAULT-VALUE}).")
    Path rules = Path.of(DEFAULT_RULES);

    @Option(
            names = "--tick",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How often conditions are evaluated, in event time (default: ${DEFAULT-VALUE}).")
    Duration tick = Duration.ofSeconds(10);

    @Option(
            names = "--allowed-lateness",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long a sidecar waits for events out of order (default: ${DEFAULT-VALUE}).")
    Duration allowedLateness = Duration.ofSeconds(10);

    @Option(
            names = "--idle-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "A sidecar silent for this long no longer holds decisions back (default: ${DEFAULT-VALUE}).")
    Duration idleTimeout = Duration.ofSeconds(30);

    /** Nobody named rules, and there are none where they would be looked for. */
    boolean hasNoRules() {
        return rules.equals(Path.of(DEFAULT_RULES)) && !Files.exists(rules);
    }
}
