// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One part of this process as a probe sees it now.
 *
 * @param name one word
 * @param detail where to find it; empty when there is nothing to tell
 * @param notReady why it cannot do its work; empty while it can
 * @param concern whether somebody should look at it although it does its work; the detail says why
 */
public record ComponentState(String name, String detail, Optional<String> notReady, boolean concern) {
    /** One that either does its work or does not. */
    public ComponentState(String name, String detail, Optional<String> notReady) {
        this(name, detail, notReady, false);
    }

    public ComponentState {
        requireNonNull(name, "name");
        requireNonNull(detail, "detail");
        requireNonNull(notReady, "notReady");
    }

    boolean ready() {
        return notReady.isEmpty();
    }
}
