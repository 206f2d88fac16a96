// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

/**
 * A mute or silence with the text it was read from.
 *
 * @param name value of {@code name}
 */
public record MuteDraft(Mute mute, Node.Scalar name, Node.Table table) {
    public MuteDraft {
        requireNonNull(mute, "mute");
        requireNonNull(name, "name");
        requireNonNull(table, "table");
    }
}
