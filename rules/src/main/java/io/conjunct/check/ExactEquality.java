// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Expression;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Signal;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** {@code condition/exact-equality}: a measured average or percentile is never exactly a number somebody writes. */
final class ExactEquality implements EachRule {
    @Override
    public void check(RuleDraft draft, Rule rule, Findings findings) {
        Stream.concat(Stream.of(rule.when()), rule.until().stream())
                .flatMap((Condition c) -> c.comparisons().stream())
                .filter(ExactEquality::isExact)
                .forEach(leg -> findings.warning(
                        "condition/exact-equality",
                        draft.places().of(leg),
                        "`" + leg.text() + "` is "
                                + (leg.comparator() == Comparator.EQUAL ? "almost never" : "almost always")
                                + " true: the value is measured, and compared to the last digit",
                        "compare with < or >"));
    }

    private static boolean isExact(Condition.Comparison leg) {
        boolean equality = leg.comparator() == Comparator.EQUAL || leg.comparator() == Comparator.NOT_EQUAL;
        Expression measured = leg.left().constant().isPresent() ? leg.right() : leg.left();
        OptionalDouble number = (measured == leg.left() ? leg.right() : leg.left()).constant();
        return equality
                && number.isPresent()
                && number.getAsDouble() != 0
                && measured instanceof Expression.Reference reference
                && isContinuous(reference.signal(), number.getAsDouble());
    }

    /** Nothing and everything are values one meets: no failure, all cached. */
    private static boolean isContinuous(Signal signal, double number) {
        Measure.Type type = signal.measure().type();
        return type == Measure.Type.QUANTILE
                || type == Measure.Type.AVG
                || type == Measure.Type.RATE
                || (type == Measure.Type.RATIO && number > 0 && number < 1)
                || signal.measure().field().equals("duration");
    }
}
