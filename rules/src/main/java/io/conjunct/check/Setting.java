// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What rules are checked for.
 *
 * @param tick of the engine that will decide them
 * @param now by which mutes are found expired; empty where no clock may be asked
 */
public record Setting(Duration tick, Optional<Instant> now) {
    /** The engine's default tick, at no time. */
    public static final Setting DEFAULT = new Setting(Duration.ofSeconds(10), Optional.empty());

    public Setting {
        requireNonNull(tick, "tick");
        requireNonNull(now, "now");
    }
}
