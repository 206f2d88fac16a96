// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * A word of a condition.
 *
 * @param text as written
 * @param number of a {@link Type#NUMBER} its value in the unit's base, otherwise 0
 * @param unit of a {@link Type#NUMBER} its base unit, empty for a plain number
 */
record Token(Type type, String text, BigDecimal number, String unit, int from, int to) {

    /** What sort of word. */
    enum Type {
        NUMBER,
        NAME,
        SYMBOL,
        END
    }

    Token {
        requireNonNull(type, "type");
        requireNonNull(text, "text");
        requireNonNull(number, "number");
        requireNonNull(unit, "unit");
    }

    boolean is(String symbolOrName) {
        return (type == Type.SYMBOL || type == Type.NAME) && text.equals(symbolOrName);
    }
}
