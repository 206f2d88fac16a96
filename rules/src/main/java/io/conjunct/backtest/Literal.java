// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Condition.Not;
import java.util.ArrayList;
import java.util.List;

/** A leg of a rule as it counts: a comparison, or its opposite. */
record Literal(Comparison comparison, boolean negated) {

    /** All legs of a condition, in the order of the text. */
    static List<Literal> of(Condition condition) {
        List<Literal> all = new ArrayList<>();
        collect(condition, false, all);
        return all;
    }

    private static void collect(Condition condition, boolean negated, List<Literal> all) {
        if (condition instanceof Comparison comparison) {
            all.add(new Literal(comparison, negated));
        } else if (condition instanceof Not not) {
            collect(not.term(), !negated, all);
        } else {
            condition.terms().forEach(t -> collect(t, negated, all));
        }
    }

    Condition condition() {
        return negated ? new Not(comparison) : comparison;
    }

    String text() {
        return condition().text();
    }
}
