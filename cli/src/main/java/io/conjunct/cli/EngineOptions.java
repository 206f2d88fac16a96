// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What all roles must agree on, and the rules. */
final class EngineOptions extends Options {
    private static final String DEFAULT_RULES = "rules";

    final Setting<Path> rules =
            path("--rules", "DIR", DEFAULT_RULES, "Rule files, *.yaml; read again when they change");

    final Setting<Duration> tick = duration("--tick", "10s", "How often conditions are evaluated, in event time");

    final Setting<Duration> allowedLateness =
            duration("--allowed-lateness", "10s", "How long a sidecar waits for events out of order");

    final Setting<Duration> idleTimeout =
            duration("--idle-timeout", "30s", "A sidecar silent for this long no longer holds decisions back");

    /** Nobody named rules, and there are none where they would be looked for. */
    boolean hasNoRules() {
        return rules.get().equals(Path.of(DEFAULT_RULES)) && !Files.exists(rules.get());
    }
}
