// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.signal.Signal;

/**
 * A signal with the text it was read from.
 *
 * @param name the key it stands under
 * @param table its entries
 */
public record SignalDraft(Signal signal, Node.Scalar name, Node.Table table) {
    public SignalDraft {
        requireNonNull(signal, "signal");
        requireNonNull(name, "name");
        requireNonNull(table, "table");
    }
}
