// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.And;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Condition.Not;
import io.conjunct.rule.Condition.Or;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
            terms(condition).forEach(t -> collect(t, negated, all));
        }
    }

    private static List<Condition> terms(Condition junction) {
        return junction instanceof And and ? and.terms() : ((Or) junction).terms();
    }

    Condition condition() {
        return negated ? new Not(comparison) : comparison;
    }

    String text() {
        return text(condition());
    }

    /** A condition as one line, as one would write it in a rule file. */
    static String text(Condition condition) {
        if (condition instanceof Comparison comparison) {
            return comparison.text();
        }
        if (condition instanceof Not not) {
            boolean simple = not.term() instanceof Comparison;
            return "NOT " + (simple ? text(not.term()) : "(" + text(not.term()) + ")");
        }
        boolean and = condition instanceof And;
        return terms(condition).stream()
                .map(t -> and && t instanceof Or ? "(" + text(t) + ")" : text(t))
                .collect(Collectors.joining(and ? " AND " : " OR "));
    }
}
