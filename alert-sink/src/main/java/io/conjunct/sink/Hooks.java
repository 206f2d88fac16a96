// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static java.util.Objects.requireNonNull;

import io.conjunct.sink.receiver.Secret;
import java.util.Optional;

/**
 * The secrets with which providers sign what they send us. Without one its path is not served.
 *
 * @param slack the app's signing secret
 * @param pagerDuty the webhook subscription's secret
 */
public record Hooks(Optional<Secret> slack, Optional<Secret> pagerDuty) {
    static final Hooks NONE = new Hooks(Optional.empty(), Optional.empty());

    public Hooks {
        requireNonNull(slack, "slack");
        requireNonNull(pagerDuty, "pagerDuty");
    }
}
