// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.signal.Signal;
import java.util.OptionalDouble;

/**
 * A signal with the text it was read from.
 *
 * @param name the key it stands under
 * @param table its entries
 * @param traffic events per second that its author expects, of each combination of labels; empty when not said
 */
public record SignalDraft(Signal signal, Node.Scalar name, Node.Table table, OptionalDouble traffic) {
    public SignalDraft {
        requireNonNull(signal, "signal");
        requireNonNull(name, "name");
        requireNonNull(table, "table");
        requireNonNull(traffic, "traffic");
    }
}
