// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

/**
 * A rule file as text.
 *
 * @param path as the user knows it; used in findings
 * @param text its content
 */
public record RuleSource(String path, String text) {
    public RuleSource {
        requireNonNull(path, "path");
        requireNonNull(text, "text");
    }
}
