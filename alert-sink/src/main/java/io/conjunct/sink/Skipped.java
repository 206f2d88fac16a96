// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import java.util.Locale;
import java.util.Optional;

/** Why a record of the topic is for nobody. */
enum Skipped {
    /** Its bytes are not an alert. */
    NOT_AN_ALERT,
    /** Its rule is on trial: recorded, never delivered. */
    SHADOW,
    /** A mute or a silence holds it back; the engine sends it again should it outlast them. */
    MUTED,
    /** Pending or cancelled: nothing a person is told. */
    NOT_NEWS,
    /** No route of the receivers file matches. */
    NO_ROUTE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why this alert is for nobody, whatever the routes; empty when it is for somebody. */
    static Optional<Skipped> of(Alert alert) {
        if (alert.shadow()) {
            return Optional.of(SHADOW);
        }
        if (alert.muted().isPresent()) {
            return Optional.of(MUTED);
        }
        return alert.state() == State.FIRING || alert.state() == State.RESOLVED
                ? Optional.empty()
                : Optional.of(NOT_NEWS);
    }
}
