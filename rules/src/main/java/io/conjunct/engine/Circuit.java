// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.alert.Truth;
import io.conjunct.engine.LegDecider.Result;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.And;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Condition.Not;
import io.conjunct.rule.Condition.Or;
import java.util.List;
import java.util.Map;

/**
 * A condition ready to be decided. NOT is pushed down to the comparisons, so that {@code within} can ask of each literal,
 * negated or not, whether it held lately.
 */
final class Circuit {
    /** Always unknown; stands where a rule has no condition of this sort. */
    static final Circuit NONE = new Circuit(new Disjunction(List.of()), 0);

    private final Node root;
    private final int literals;

    private Circuit(Node root, int literals) {
        this.root = root;
        this.literals = literals;
    }

    /** A part of the condition. */
    private sealed interface Node {}

    private record Literal(LegDecider leg, boolean negated, int index) implements Node {}

    private record Conjunction(List<Node> terms) implements Node {}

    private record Disjunction(List<Node> terms) implements Node {}

    /** @param legs takes every comparison of the condition, in the order of the text */
    static Circuit of(Condition condition, List<LegDecider> legs, Map<String, SignalValues> signals) {
        int[] literals = {0};
        return new Circuit(build(condition, false, legs, signals, literals), literals[0]);
    }

    private static Node build(
            Condition condition,
            boolean negated,
            List<LegDecider> legs,
            Map<String, SignalValues> signals,
            int[] literals) {
        if (condition instanceof Comparison comparison) {
            LegDecider leg = new LegDecider(comparison, signals);
            legs.add(leg);
            return new Literal(leg, negated, literals[0]++);
        }
        if (condition instanceof Not not) {
            return build(not.term(), !negated, legs, signals, literals);
        }
        boolean conjunction = condition instanceof And;
        List<Condition> terms = conjunction ? ((And) condition).terms() : ((Or) condition).terms();
        List<Node> nodes = terms.stream()
                .map(term -> build(term, negated, legs, signals, literals))
                .toList();
        return conjunction != negated ? new Conjunction(nodes) : new Disjunction(nodes);
    }

    /** How many literals the condition has. */
    int literals() {
        return literals;
    }

    /**
     * Decides the condition.
     *
     * @param lastHeld per literal the last pane in which it held; updated
     * @param withinTicks a literal counts as held when it held in one of this many last panes; 0 for now only
     */
    Truth decide(Map<LegDecider, Result> results, long[] lastHeld, long pane, long withinTicks) {
        return decide(root, results, lastHeld, pane, withinTicks);
    }

    private static Truth decide(
            Node node, Map<LegDecider, Result> results, long[] lastHeld, long pane, long withinTicks) {
        if (node instanceof Literal literal) {
            Result result = results.get(literal.leg());
            Truth truth = result == null ? Truth.UNKNOWN : result.truth();
            truth = literal.negated() ? truth.not() : truth;
            if (truth == Truth.TRUE) {
                lastHeld[literal.index()] = pane;
            }
            boolean lately = withinTicks > 0
                    && lastHeld[literal.index()] != Long.MIN_VALUE
                    && lastHeld[literal.index()] > pane - withinTicks;
            return lately ? Truth.TRUE : truth;
        }
        if (node instanceof Conjunction conjunction) {
            Truth all = Truth.TRUE;
            for (Node term : conjunction.terms()) {
                all = all.and(decide(term, results, lastHeld, pane, withinTicks));
            }
            return all;
        }
        Truth any = Truth.FALSE;
        for (Node term : ((Disjunction) node).terms()) {
            any = any.or(decide(term, results, lastHeld, pane, withinTicks));
        }
        return any;
    }
}
