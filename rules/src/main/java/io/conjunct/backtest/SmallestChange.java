// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.alert.Truth;
import io.conjunct.engine.GroupTick.AlertState;
import io.conjunct.engine.GroupTick.LegState;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.And;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Condition.Not;
import io.conjunct.rule.Condition.Or;
import io.conjunct.rule.Expression.Reference;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Signal;
import io.conjunct.signal.Wilson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The least that would have to be otherwise for a condition to turn: the fewest legs, and of equally few those whose
 * values are nearest to their thresholds. Rules with more than {@value #MAX_LEGS} legs are left unexplained.
 */
final class SmallestChange {
    private static final int MAX_LEGS = 12;
    private static final long MIN_BAD = 3;

    private final Explanation explanation;
    private final List<Literal> legs;

    private SmallestChange(Explanation explanation) {
        this.explanation = explanation;
        this.legs = Literal.of(explanation.rule().when());
    }

    /** In words, one line per leg; none when the rule is about to turn by itself. */
    static List<String> of(Explanation explanation) {
        return new SmallestChange(explanation).lines();
    }

    private List<String> lines() {
        boolean firing = explanation.state().state() == AlertState.FIRING;
        List<String> lines = new ArrayList<>();
        if (firing && explanation.rule().until().isPresent()) {
            Condition until = explanation.rule().until().get();
            lines.add("resolves once " + until.text());
            return lines;
        }
        boolean holds = explanation.state().when() == Truth.TRUE;
        if (legs.size() > MAX_LEGS || explanation.state().legs().size() < legs.size() || (holds && !firing)) {
            return lines;
        }
        Truth wanted = firing ? Truth.FALSE : Truth.TRUE;
        if (explanation.state().when() == wanted) {
            return lines;
        }
        lines.add(firing ? "smallest change that would resolve it:" : "smallest change that would make it hold:");
        for (int leg : smallest(wanted)) {
            lines.add("  " + sentence(leg, wanted));
        }
        return lines;
    }

    /** Positions of the legs that must turn. */
    private List<Integer> smallest(Truth wanted) {
        List<Integer> best = List.of();
        double bestCost = Double.POSITIVE_INFINITY;
        for (int subset = 1; subset < 1 << legs.size(); subset++) {
            List<Integer> chosen = new ArrayList<>();
            List<Truth> truths = new ArrayList<>();
            double cost = 0;
            for (int i = 0; i < legs.size(); i++) {
                boolean turned = (subset & 1 << i) != 0;
                truths.add(turned ? wanted : explanation.counted(i));
                if (turned) {
                    chosen.add(i);
                    // A further leg is always worse than a farther value.
                    cost += 1e6 + Math.min(1e5, Math.abs(Math.log(factor(i))));
                }
            }
            if (cost < bestCost && decide(explanation.rule().when(), false, truths.iterator()) == wanted) {
                best = chosen;
                bestCost = cost;
            }
        }
        return best;
    }

    private static Truth decide(Condition condition, boolean negated, Iterator<Truth> truths) {
        if (condition instanceof Comparison) {
            return truths.next();
        }
        if (condition instanceof Not not) {
            return decide(not.term(), !negated, truths);
        }
        boolean and = condition instanceof And != negated;
        List<Condition> terms = condition instanceof And a ? a.terms() : ((Or) condition).terms();
        Truth all = Truth.of(and);
        for (Condition term : terms) {
            Truth truth = decide(term, negated, truths);
            all = and ? all.and(truth) : all.or(truth);
        }
        return all;
    }

    /** How many times the value would have to be what it is; far away when nothing is known. */
    private double factor(int leg) {
        LegState at = explanation.state().legs().get(leg);
        double factor = at.threshold() / at.value();
        return factor > 0 && Double.isFinite(factor) ? factor : 1e9;
    }

    private String sentence(int leg, Truth wanted) {
        LegState at = explanation.state().legs().get(leg);
        Comparison comparison = legs.get(leg).comparison();
        boolean mustHold = (wanted == Truth.TRUE) != legs.get(leg).negated();
        String name = left(comparison);
        if (at.truth() == Truth.UNKNOWN) {
            return name + " would have to be known: " + unknown(comparison, at);
        }
        String direction = direction(comparison.comparator(), mustHold);
        String now = name + " would have to be " + direction + " " + Words.quantity(at.threshold(), at.unit())
                + ": it is " + Words.quantity(at.value(), at.unit());
        if (mustHold
                && comparison.left() instanceof Reference reference
                && reference.signal().measure().type() == Measure.Type.RATIO
                && comparison.comparator().risesWithLeft()) {
            return now + share(at);
        }
        double factor = at.threshold() / at.value();
        return factor > 0 && Double.isFinite(factor) ? now + "; " + Words.decimal(factor, 2) + "x" : now;
    }

    /** What stands left of the comparator. */
    private static String left(Comparison comparison) {
        String text = comparison.text();
        int end = text.indexOf(comparison.comparator().symbol());
        return end < 0 ? text : text.substring(0, end).strip();
    }

    private static String direction(Comparator comparator, boolean mustHold) {
        return switch (comparator) {
            case GREATER -> mustHold ? "above" : "at most";
            case GREATER_OR_EQUAL -> mustHold ? "at least" : "below";
            case LESS -> mustHold ? "below" : "at least";
            case LESS_OR_EQUAL -> mustHold ? "at most" : "above";
            case EQUAL -> mustHold ? "exactly" : "other than";
            case NOT_EQUAL -> mustHold ? "other than" : "exactly";
        };
    }

    /** A ratio is compared by the lower bound of its interval: says how many events that takes. */
    private static String share(LegState at) {
        long n = at.n();
        long now = Math.round(at.value() * n);
        if (n == 0 || at.threshold() >= 1) {
            return "";
        }
        long low = Math.max(MIN_BAD, now);
        long high = n;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (Wilson.lower(middle, n) > at.threshold()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return " (" + Words.count(now) + " of " + Words.count(n) + ", lower bound "
                + Words.quantity(Wilson.lower(now, n), Signal.RATIO) + "); " + Words.count(low) + " of "
                + Words.count(n) + " would do";
    }

    private static String unknown(Comparison comparison, LegState at) {
        for (Signal signal : comparison.signals()) {
            if (at.n() < signal.minSamples()) {
                return signal.name() + " has " + Words.count(at.n()) + " events in its window and needs "
                        + Words.count(signal.minSamples());
            }
        }
        return "its window was not complete, or its labels had no data";
    }
}
