// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.alert;

import static java.util.Objects.requireNonNull;

/**
 * Why a transition is recorded and not delivered.
 *
 * @param by name of the mute or silence
 * @param owner who answers for it
 * @param reason in its owner's words
 * @param untilMillis when it ends, Unix milliseconds of event time
 */
public record Muted(String by, String owner, String reason, long untilMillis) {
    public Muted {
        requireNonNull(by, "by");
        requireNonNull(owner, "owner");
        requireNonNull(reason, "reason");
    }
}
