// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

/** How two numbers are compared. Never asked about NaN. */
public enum Comparator {
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    EQUAL("="),
    NOT_EQUAL("!=");

    private final String symbol;

    Comparator(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }

    public boolean test(double left, double right) {
        if (Double.isNaN(left) || Double.isNaN(right)) {
            throw new IllegalArgumentException("a comparison with NaN has no answer");
        }
        return switch (this) {
            case GREATER -> left > right;
            case GREATER_OR_EQUAL -> left >= right;
            case LESS -> left < right;
            case LESS_OR_EQUAL -> left <= right;
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
        };
    }

    /** Whether a larger left side makes it hold. */
    public boolean risesWithLeft() {
        return this == GREATER || this == GREATER_OR_EQUAL;
    }

    /** Whether a smaller left side makes it hold. */
    public boolean fallsWithLeft() {
        return this == LESS || this == LESS_OR_EQUAL;
    }

    /** The comparison with its sides exchanged. */
    public Comparator mirrored() {
        return switch (this) {
            case GREATER -> LESS;
            case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            case LESS -> GREATER;
            case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
            case EQUAL, NOT_EQUAL -> this;
        };
    }
}
