// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.alert.Truth;
import io.conjunct.engine.LegDecider.Result;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.And;
import io.conjunct.rule.Condition.AtLeast;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Condition.Not;
import io.conjunct.rule.Condition.Or;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A condition ready to be decided. NOT is pushed down to the comparisons, so that {@code within} can ask of each literal,
 * negated or not, whether it held lately. What must be remembered of one alert from tick to tick is an array of longs
 * that the caller keeps: one for each literal, the last pane in which it held.
 */
final class Circuit {
    /** Stands where a rule has no condition of this sort; never decided. */
    static final Circuit NONE = new Circuit(new Quorum(1, List.of()), 0, 0);

    private static final long NEVER = Long.MIN_VALUE;

    private final Node root;
    private final int memory;
    private final long withinTicks;

    private Circuit(Node root, int memory, long withinTicks) {
        this.root = root;
        this.memory = memory;
        this.withinTicks = withinTicks;
    }

    /** A part of the condition. */
    private sealed interface Node {}

    /** A comparison; {@code slot} is its place in the memory. */
    private record Literal(LegDecider leg, boolean negated, int slot) implements Node {}

    /** True when {@code needed} of the terms are, false when they cannot be any more: AND needs all, OR needs one. */
    private record Quorum(int needed, List<Node> terms) implements Node {}

    /**
     * Prepares a condition.
     *
     * @param legs takes every comparison of the condition, in the order of the text
     * @param withinTicks a literal counts as held when it held in one of this many last panes; 0 for now only
     */
    static Circuit of(Condition condition, List<LegDecider> legs, Map<String, SignalValues> signals, long withinTicks) {
        Builder builder = new Builder(legs, signals);
        Node root = builder.build(condition, false);
        return new Circuit(root, builder.memory, withinTicks);
    }

    /** Turns conditions into nodes and deals out the memory. */
    private static final class Builder {
        private final List<LegDecider> legs;
        private final Map<String, SignalValues> signals;
        private int memory;

        Builder(List<LegDecider> legs, Map<String, SignalValues> signals) {
            this.legs = legs;
            this.signals = signals;
        }

        Node build(Condition condition, boolean negated) {
            if (condition instanceof Comparison comparison) {
                LegDecider leg = new LegDecider(comparison, signals);
                legs.add(leg);
                return new Literal(leg, negated, memory++);
            }
            if (condition instanceof Not not) {
                return build(not.term(), !negated);
            }
            if (condition instanceof And and) {
                return quorum(and.terms().size(), and.terms(), negated);
            }
            if (condition instanceof Or or) {
                return quorum(1, or.terms(), negated);
            }
            AtLeast some = (AtLeast) condition;
            return quorum(some.count(), some.terms(), negated);
        }

        /** Not {@code needed} of n is n - needed + 1 that are not. */
        private Quorum quorum(int needed, List<Condition> terms, boolean negated) {
            return new Quorum(
                    negated ? terms.size() - needed + 1 : needed,
                    terms.stream().map(term -> build(term, negated)).toList());
        }
    }

    /** What an alert that nothing is known of remembers. */
    long[] newMemory() {
        long[] fresh = new long[memory];
        Arrays.fill(fresh, NEVER);
        return fresh;
    }

    /** Whether the memory can still make a difference after this pane. */
    boolean remembers(long[] held, long pane) {
        return withinTicks > 0 && Arrays.stream(held).anyMatch(last -> lately(last, pane, withinTicks));
    }

    /** Decides the condition; updates the memory. */
    Truth decide(Map<LegDecider, Result> results, long[] held, long pane) {
        return decide(root, results, held, pane, withinTicks);
    }

    private static Truth decide(Node node, Map<LegDecider, Result> results, long[] held, long pane, long within) {
        if (node instanceof Literal literal) {
            Result result = results.get(literal.leg());
            Truth truth = result == null ? Truth.UNKNOWN : result.truth();
            truth = literal.negated() ? truth.not() : truth;
            if (truth == Truth.TRUE) {
                held[literal.slot()] = pane;
            }
            return within > 0 && lately(held[literal.slot()], pane, within) ? Truth.TRUE : truth;
        }
        Quorum quorum = (Quorum) node;
        int holding = 0;
        int possible = 0;
        // Every term is decided, so that each remembers when it held.
        for (Node term : quorum.terms()) {
            Truth truth = decide(term, results, held, pane, within);
            holding += truth == Truth.TRUE ? 1 : 0;
            possible += truth == Truth.FALSE ? 0 : 1;
        }
        return holding >= quorum.needed() ? Truth.TRUE : possible >= quorum.needed() ? Truth.UNKNOWN : Truth.FALSE;
    }

    private static boolean lately(long last, long pane, long ticks) {
        return last != NEVER && last > pane - ticks;
    }
}
