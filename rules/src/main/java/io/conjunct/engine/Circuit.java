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
import io.conjunct.rule.Condition.Then;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A condition ready to be decided. NOT is pushed down to the comparisons, so that {@code within} can ask of each literal,
 * negated or not, whether it held lately. What must be remembered of one alert from tick to tick is an array of longs
 * that the caller keeps: one for each literal, the last pane in which it held, and four for each sequence.
 */
final class Circuit {
    /** Stands where a rule has no condition of this sort; never decided. */
    static final Circuit NONE = new Circuit(new Quorum(1, List.of()), 0, 0, Map.of(), Set.of());

    private static final long NEVER = Long.MIN_VALUE;

    private final Node root;
    private final int memory;
    private final long withinTicks;
    private final Map<LegDecider, Integer> slots;
    private final Set<LegDecider> negated;

    private Circuit(Node root, int memory, long withinTicks, Map<LegDecider, Integer> slots, Set<LegDecider> negated) {
        this.root = root;
        this.memory = memory;
        this.withinTicks = withinTicks;
        this.slots = slots;
        this.negated = negated;
    }

    /** The legs that count when they do not hold. */
    Set<LegDecider> negated() {
        return negated;
    }

    long withinTicks() {
        return withinTicks;
    }

    /** The last pane in which a leg held, negated or not as the condition has it; {@code Long.MIN_VALUE} for never. */
    long lastHeld(LegDecider leg, long[] ofInstance) {
        Integer slot = slots.get(leg);
        return slot == null ? NEVER : ofInstance[slot];
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
     * @param within a literal counts as held when it held this lately; zero for now only
     */
    static Circuit of(
            Condition condition,
            List<LegDecider> legs,
            Map<String, SignalValues> signals,
            Duration within,
            long tickMillis) {
        Builder builder = new Builder(legs, signals, tickMillis);
        Node root = builder.build(condition, false);
        return new Circuit(root, builder.memory, within.toMillis() / tickMillis, builder.slots, builder.negated);
    }

    /** Turns conditions into nodes and deals out the memory. */
    private static final class Builder {
        private final List<LegDecider> legs;
        private final Map<String, SignalValues> signals;
        private final long tickMillis;
        private final Map<LegDecider, Integer> slots = new HashMap<>();
        private final Set<LegDecider> negated = new HashSet<>();
        private int memory;

        Builder(List<LegDecider> legs, Map<String, SignalValues> signals, long tickMillis) {
            this.legs = legs;
            this.signals = signals;
            this.tickMillis = tickMillis;
        }

        Node build(Condition condition, boolean negated) {
            if (condition instanceof Comparison comparison) {
                LegDecider leg = new LegDecider(comparison, signals);
                legs.add(leg);
                slots.put(leg, memory);
                if (negated) {
                    this.negated.add(leg);
                }
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
            if (condition instanceof Then then) {
                int slot = memory;
                memory += Sequence.SLOTS;
                long ticks = Math.max(1, then.within().toMillis() / tickMillis);
                return new Sequence(build(then.first(), false), build(then.second(), false), ticks, negated, slot);
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

    /**
     * {@code first THEN second}. It starts to hold when the second does while the first held lately, and holds as long as
     * the second does; by then the first is used up, so that each makes one alert. The sides are asked about this tick
     * only: to {@code within} of the rule the sequence is one literal.
     *
     * <p>Its memory, from {@code slot}: the last pane in which it held as a whole; the last in which the first side held;
     * the last in which it may have, being unknown; whether the second side's present run follows a first: 1, 0 for
     * unknown, or never.
     */
    private record Sequence(Node first, Node second, long ticks, boolean negated, int slot) implements Node {
        private static final int SLOTS = 4;

        Truth decide(Truth firstNow, Truth secondNow, long[] memory, long pane) {
            if (firstNow == Truth.TRUE) {
                memory[slot + 1] = pane;
            } else if (firstNow == Truth.UNKNOWN) {
                memory[slot + 2] = pane;
            }
            Truth armed = lately(memory[slot + 1], pane, ticks)
                    ? Truth.TRUE
                    : lately(memory[slot + 2], pane, ticks) ? Truth.UNKNOWN : Truth.FALSE;
            // What the second side may have begun while it was unknown is itself unknown.
            Truth follows =
                    secondNow == Truth.FALSE ? Truth.FALSE : follows(memory).or(armed.and(secondNow));
            memory[slot + 3] = follows == Truth.FALSE ? NEVER : follows == Truth.TRUE ? 1 : 0;
            Truth holds = follows.and(secondNow);
            if (holds == Truth.TRUE) {
                memory[slot + 1] = NEVER;
                memory[slot + 2] = NEVER;
            }
            return negated ? holds.not() : holds;
        }

        boolean remembers(long[] memory, long pane) {
            return lately(memory[slot + 1], pane, ticks)
                    || lately(memory[slot + 2], pane, ticks)
                    || follows(memory) != Truth.FALSE;
        }

        private Truth follows(long[] memory) {
            long saved = memory[slot + 3];
            return saved == NEVER ? Truth.FALSE : Truth.of(saved == 1).or(Truth.UNKNOWN);
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
        return remembers(root, held, pane, withinTicks);
    }

    private static boolean remembers(Node node, long[] held, long pane, long within) {
        if (node instanceof Literal literal) {
            return lately(held[literal.slot()], pane, within);
        }
        if (node instanceof Sequence sequence) {
            return lately(held[sequence.slot()], pane, within)
                    || sequence.remembers(held, pane)
                    || remembers(sequence.first(), held, pane, 0)
                    || remembers(sequence.second(), held, pane, 0);
        }
        return ((Quorum) node).terms().stream().anyMatch(term -> remembers(term, held, pane, within));
    }

    /** Decides the condition; updates the memory. */
    Truth decide(Map<LegDecider, Result> results, long[] held, long pane) {
        return decide(root, results, held, pane, withinTicks);
    }

    private static Truth decide(Node node, Map<LegDecider, Result> results, long[] held, long pane, long within) {
        if (node instanceof Literal literal) {
            Result result = results.get(literal.leg());
            Truth truth = result == null ? Truth.UNKNOWN : result.truth();
            return lately(literal.slot(), literal.negated() ? truth.not() : truth, held, pane, within);
        }
        if (node instanceof Sequence sequence) {
            Truth first = decide(sequence.first(), results, held, pane, 0);
            Truth second = decide(sequence.second(), results, held, pane, 0);
            return lately(sequence.slot(), sequence.decide(first, second, held, pane), held, pane, within);
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

    /** What a part comes to that counts as held when it held lately. */
    private static Truth lately(int slot, Truth now, long[] held, long pane, long within) {
        if (now == Truth.TRUE) {
            held[slot] = pane;
        }
        return lately(held[slot], pane, within) ? Truth.TRUE : now;
    }

    private static boolean lately(long last, long pane, long ticks) {
        return last != NEVER && last > pane - ticks;
    }
}
