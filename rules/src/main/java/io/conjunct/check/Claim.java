// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Expression;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Measure;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a leg says of one quantity, so that two legs can be compared: {@code p99 > 1s} implies {@code p99 > 500ms} and
 * contradicts {@code p99 < 300ms}. Sound, not complete: where it is silent nothing is known.
 *
 * <p>A share is compared by its confidence interval, so {@code share > 1%} and {@code share <= 1%} can both be false.
 * The opposite of a leg about a share is therefore kept as a denial, and is no leg about the other side.
 *
 * @param of the quantity: the side that is no number, or the difference of both sides
 * @param limit what it is compared with
 * @param denied whether the leg must not hold; only for shares
 */
record Claim(Expression of, Comparator comparator, double limit, boolean denied) {

    /** What it takes for a leg to hold, or not to; empty when the leg compares numbers only. */
    static Optional<Claim> of(Condition.Comparison leg, boolean holds) {
        OptionalDouble left = leg.left().constant();
        OptionalDouble right = leg.right().constant();
        Expression of;
        Comparator comparator = leg.comparator();
        double limit = 0;
        if (left.isPresent() && right.isPresent()) {
            return Optional.empty();
        } else if (right.isPresent()) {
            of = leg.left();
            limit = right.getAsDouble();
        } else if (left.isPresent()) {
            of = leg.right();
            comparator = comparator.mirrored();
            limit = left.getAsDouble();
        } else {
            of = new Expression.Arithmetic(leg.left(), Expression.Operator.MINUS, leg.right());
        }
        boolean share = isShare(of);
        return Optional.of(
                holds || share
                        ? new Claim(of, comparator, limit, !holds)
                        : new Claim(of, opposite(comparator), limit, false));
    }

    /** Whether the engine compares it by its interval: a ratio, or a multiple of one. */
    private static boolean isShare(Expression of) {
        return of.signals().stream().anyMatch(s -> s.measure().type() == Measure.Type.RATIO);
    }

    /** Whether the other holds wherever this does. */
    boolean implies(Claim other) {
        if (!of.equals(other.of)) {
            return false;
        }
        if (denied) {
            return other.denied && other.affirmed().implies(affirmed());
        }
        if (other.denied) {
            return contradicts(other.affirmed());
        }
        if (isShare(of) && !sameDirection(other)) {
            return false;
        }
        return within(other);
    }

    /** Whether both can never hold at once. */
    boolean contradicts(Claim other) {
        if (!of.equals(other.of) || (denied && other.denied)) {
            return false;
        }
        if (denied) {
            return other.implies(affirmed());
        }
        return other.denied ? implies(other.affirmed()) : !meets(other);
    }

    private Claim affirmed() {
        return new Claim(of, comparator, limit, false);
    }

    private boolean sameDirection(Claim other) {
        return comparator.risesWithLeft() == other.comparator.risesWithLeft()
                && comparator.fallsWithLeft() == other.comparator.fallsWithLeft();
    }

    /** Whether all values of this are values of the other. */
    private boolean within(Claim other) {
        if (other.comparator == Comparator.NOT_EQUAL) {
            return comparator == Comparator.NOT_EQUAL ? limit == other.limit : !comparator.test(other.limit, limit);
        }
        if (comparator == Comparator.EQUAL) {
            return other.comparator.test(limit, other.limit);
        }
        if (comparator == Comparator.NOT_EQUAL || !sameDirection(other) || other.comparator == Comparator.EQUAL) {
            return false;
        }
        if (limit == other.limit) {
            return comparator == other.comparator || other.comparator.test(limit, limit);
        }
        return comparator.risesWithLeft() ? limit > other.limit : limit < other.limit;
    }

    /** Whether some value fits both. */
    private boolean meets(Claim other) {
        if (comparator == Comparator.EQUAL) {
            return other.comparator.test(limit, other.limit);
        }
        if (other.comparator == Comparator.EQUAL) {
            return comparator.test(other.limit, limit);
        }
        if (comparator == Comparator.NOT_EQUAL || other.comparator == Comparator.NOT_EQUAL || sameDirection(other)) {
            return true;
        }
        Claim rising = comparator.risesWithLeft() ? this : other;
        Claim falling = comparator.risesWithLeft() ? other : this;
        return rising.limit < falling.limit
                || (rising.limit == falling.limit
                        && rising.comparator == Comparator.GREATER_OR_EQUAL
                        && falling.comparator == Comparator.LESS_OR_EQUAL);
    }

    private static Comparator opposite(Comparator comparator) {
        return switch (comparator) {
            case GREATER -> Comparator.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> Comparator.LESS;
            case LESS -> Comparator.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> Comparator.GREATER;
            case EQUAL -> Comparator.NOT_EQUAL;
            case NOT_EQUAL -> Comparator.EQUAL;
        };
    }
}
