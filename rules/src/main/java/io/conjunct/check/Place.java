// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static java.util.Objects.requireNonNull;

/**
 * Where in a user's file something stands.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param length how many characters of that line are meant, at least 1
 */
public record Place(String path, int line, int column, int length) {
    public Place {
        requireNonNull(path, "path");
        if (line < 1 || column < 1 || length < 1) {
            throw new IllegalArgumentException(
                    "place: " + line + ":" + column + "+" + length + " (expected: at least 1:1+1)");
        }
    }

    /** The start of a file. */
    public static Place startOf(String path) {
        return new Place(path, 1, 1, 1);
    }
}
