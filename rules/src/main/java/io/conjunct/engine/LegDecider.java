// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.alert.Leg;
import io.conjunct.alert.Truth;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Expression;
import io.conjunct.rule.Expression.Arithmetic;
import io.conjunct.rule.Expression.Operator;
import io.conjunct.rule.Expression.Reference;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Reading;
import io.conjunct.signal.Signal;
import io.conjunct.signal.Wilson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Decides one comparison of a rule, in three values, for the label sets of an alert. A ratio is compared by the bound of
 * its 95 % Wilson interval that faces the threshold, and needs at least {@value #MIN_BAD} events on its side.
 */
final class LegDecider {
    static final long MIN_BAD = 3;

    final Comparison comparison;
    /** Labels the comparison is split by: those of all its signals. */
    final List<String> by;

    private final Map<String, SignalValues> signals;
    private final List<SignalValues> fullySplit = new ArrayList<>();

    /** @param signals all signals of the group, by name */
    LegDecider(Comparison comparison, Map<String, SignalValues> signals) {
        this.comparison = comparison;
        this.signals = signals;
        TreeSet<String> labels = new TreeSet<>();
        comparison.signals().forEach(s -> labels.addAll(s.by()));
        this.by = List.copyOf(labels);
        for (Signal signal : comparison.signals()) {
            if (signal.by().equals(by)) {
                fullySplit.add(values(signal));
            }
        }
    }

    /** A side of the comparison: its value, how many events it rests on, and of a multiple of a ratio that ratio. */
    private record Side(double value, boolean atLeast, long n, Reading ratio, double scale) {
        static final Reading NO_RATIO = Reading.unknown(0);

        Side(double value, boolean atLeast, long n) {
            this(value, atLeast, n, NO_RATIO, 1);
        }

        boolean isNumber() {
            return n == Long.MAX_VALUE;
        }

        boolean isKnown() {
            return !Double.isNaN(value);
        }
    }

    /** What a comparison came to. */
    record Result(Truth truth, double value, double threshold, long n, LabelValues labels) {}

    private SignalValues values(Signal signal) {
        SignalValues values = signals.get(signal.name());
        if (values == null) {
            throw new IllegalStateException("signal " + signal.name() + " is not in its group");
        }
        return values;
    }

    /** All label sets that have data, for a comparison that is split. */
    Collection<LabelValues> labels() {
        if (fullySplit.size() == 1) {
            return fullySplit.get(0).labels();
        }
        TreeSet<LabelValues> all = new TreeSet<>();
        fullySplit.forEach(s -> all.addAll(s.labels()));
        return all;
    }

    /** Decides for one label set (values of {@link #by}). */
    Result decide(LabelValues labels) {
        Side left = evaluate(comparison.left(), labels);
        Side right = evaluate(comparison.right(), labels);
        return new Result(
                compare(left, comparison.comparator(), right),
                left.value(),
                right.value(),
                events(left, right),
                labels);
    }

    private static long events(Side left, Side right) {
        return left.n() == Long.MAX_VALUE ? (right.n() == Long.MAX_VALUE ? 0 : right.n()) : left.n();
    }

    private static Truth compare(Side left, Comparator comparator, Side right) {
        if (!left.isKnown() || !right.isKnown()) {
            return Truth.UNKNOWN;
        }
        if (left.atLeast() || right.atLeast()) {
            boolean canTell =
                    left.atLeast() ? !right.atLeast() && comparator.risesWithLeft() : comparator.fallsWithLeft();
            return canTell && comparator.test(left.value(), right.value()) ? Truth.TRUE : Truth.UNKNOWN;
        }
        if (left.ratio().isKnown()) {
            return compareRatio(left.ratio(), comparator, right.value() / left.scale());
        }
        if (right.ratio().isKnown()) {
            return compareRatio(right.ratio(), comparator.mirrored(), left.value() / right.scale());
        }
        return Truth.of(comparator.test(left.value(), right.value()));
    }

    private static Truth compareRatio(Reading ratio, Comparator comparator, double threshold) {
        long k = ratio.matched();
        long n = ratio.n();
        if (comparator.risesWithLeft()) {
            return Truth.of(k >= MIN_BAD && comparator.test(Wilson.lower(k, n), threshold));
        }
        if (comparator.fallsWithLeft()) {
            return Truth.of(n - k >= MIN_BAD && comparator.test(Wilson.upper(k, n), threshold));
        }
        return Truth.of(comparator.test(ratio.value(), threshold));
    }

    private Side evaluate(Expression expression, LabelValues labels) {
        if (expression instanceof Expression.Number number) {
            return new Side(number.value(), false, Long.MAX_VALUE);
        }
        if (expression instanceof Reference reference) {
            Signal signal = reference.signal();
            Reading reading = values(signal).read(labels.at(LabelValues.positions(signal.by(), by)));
            // A value put in place of a missing one rests on no interval.
            boolean interval = signal.measure().type() == Measure.Type.RATIO && reading.n() >= signal.minSamples();
            return new Side(reading.value(), reading.atLeast(), reading.n(), interval ? reading : Side.NO_RATIO, 1);
        }
        Arithmetic arithmetic = (Arithmetic) expression;
        Side left = evaluate(arithmetic.left(), labels);
        Side right = evaluate(arithmetic.right(), labels);
        boolean atLeast = left.atLeast() || right.atLeast();
        double value = atLeast && arithmetic.operator() != Operator.PLUS
                ? Double.NaN
                : arithmetic.operator().apply(left.value(), right.value());
        Side side = new Side(Double.isInfinite(value) ? Double.NaN : value, atLeast, Math.min(left.n(), right.n()));
        return scaled(left, arithmetic.operator(), right, side);
    }

    /** A ratio times or by a positive number is compared as honestly as the ratio itself. */
    private static Side scaled(Side left, Operator operator, Side right, Side result) {
        boolean times = operator == Operator.TIMES;
        if (left.ratio().isKnown() && right.isNumber() && right.value() > 0) {
            if (times || operator == Operator.DIVIDED_BY) {
                double scale = times ? left.scale() * right.value() : left.scale() / right.value();
                return new Side(result.value(), false, result.n(), left.ratio(), scale);
            }
        } else if (times && right.ratio().isKnown() && left.isNumber() && left.value() > 0) {
            return new Side(result.value(), false, result.n(), right.ratio(), right.scale() * left.value());
        }
        return result;
    }

    /** The result as evidence. */
    Leg leg(Result result) {
        long window = 0;
        List<Signal> left = comparison.left().signals();
        for (Signal signal : left.isEmpty() ? comparison.signals() : left) {
            window = Math.max(window, signal.over().toMillis());
        }
        return new Leg(
                comparison.text(),
                result.truth(),
                result.value(),
                result.threshold(),
                unit(),
                result.n(),
                window,
                result.labels().named(by));
    }

    private String unit() {
        String left = comparison.left().unit();
        return left.isEmpty() ? comparison.right().unit() : left;
    }

    /** The signals it reads, with their windows. */
    List<SignalValues> sources() {
        return comparison.signals().stream().map(this::values).toList();
    }
}
