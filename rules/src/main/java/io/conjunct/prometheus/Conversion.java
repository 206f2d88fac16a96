// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import io.conjunct.prometheus.Query.Aggregate;
import io.conjunct.prometheus.Query.Binary;
import io.conjunct.prometheus.Query.Call;
import io.conjunct.prometheus.Query.Number;
import io.conjunct.prometheus.Query.Select;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Turns one expression into a condition, and writes down what means something else here. Used once. */
final class Conversion {
    /** How long Prometheus takes a value for the latest. */
    private static final Duration LOOK_BACK = Duration.ofMinutes(5);

    private static final Set<String> COMPARISONS = Set.of("==", "!=", ">", ">=", "<", "<=");

    private final Signals signals;
    private final Set<String> changes;
    /** Labels of the `on (…)` around what is being read: series are told apart by these where nothing else is said. */
    private List<String> keys = List.of();

    /** What stands for all series at once: the value that decides a comparison. */
    private enum Decisive {
        MAX,
        MIN,
        LAST;

        static Decisive of(String comparison) {
            return comparison.startsWith(">") ? MAX : comparison.startsWith("<") ? MIN : LAST;
        }

        Decisive opposite() {
            return this == MAX ? MIN : this == MIN ? MAX : LAST;
        }

        String measure() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param changes receives sentences about what has another meaning than before */
    Conversion(Signals signals, Set<String> changes) {
        this.signals = signals;
        this.changes = changes;
    }

    /**
     * A condition and the labels by which its legs are split.
     *
     * @param single whether it needs no parentheses inside another one
     */
    record Condition(String text, List<String> by, boolean single) {
        String inside() {
            return single ? text : "(" + text + ")";
        }
    }

    /** A value: {@code number} is present for a number alone; {@code unit} is that of the signal it comes from. */
    private record Value(String text, List<String> by, Optional<Double> number, String unit, boolean single) {
        static Value of(double number) {
            return new Value(plain(number), List.of(), Optional.of(number), "", true);
        }

        static Value signal(String name, List<String> by, String unit) {
            return new Value(name, by, Optional.empty(), unit, true);
        }

        String inside() {
            return single ? text : "(" + text + ")";
        }
    }

    Condition condition(Query query) {
        if (query instanceof Binary binary) {
            switch (binary.operator()) {
                case "and", "or", "unless" -> {
                    return joined(binary);
                }
                default -> {
                    if (COMPARISONS.contains(binary.operator())) {
                        return comparison(binary);
                    }
                }
            }
        }
        if (query instanceof Call call
                && (call.function().equals("absent") || call.function().equals("absent_over_time"))) {
            return absent(call);
        }
        throw new NotCarried("the expression compares nothing: it fires while a series exists");
    }

    private Condition joined(Binary binary) {
        List<String> outer = enter(binary.on());
        Condition left = condition(binary.left());
        Condition right = condition(binary.right());
        keys = outer;
        List<String> by = join(left.by(), right.by(), binary.on(), binary.operator());
        return switch (binary.operator()) {
            case "and" -> new Condition(left.inside() + " AND " + right.inside(), by, false);
            case "or" -> new Condition(left.inside() + " OR " + right.inside(), by, false);
            default -> {
                changes.add("`unless` is AND NOT: where nothing is known of its right side, the rule does not fire;"
                        + " in Prometheus it does");
                yield new Condition(left.inside() + " AND NOT (" + right.text() + ")", by, false);
            }
        };
    }

    /** Reads sides that join on these labels; returns what held around them. */
    private List<String> enter(Optional<List<String>> on) {
        List<String> outer = keys;
        on.ifPresent(labels -> keys = Signals.labels(labels));
        return outer;
    }

    /** Sides that are split differently match nothing in Prometheus, and are an error here. */
    private static List<String> join(
            List<String> left, List<String> right, Optional<List<String>> on, String operator) {
        if (left.isEmpty() || right.isEmpty() || left.equals(right)) {
            TreeSet<String> all = new TreeSet<>(left);
            all.addAll(right);
            return List.copyOf(all);
        }
        if (on.isEmpty()) {
            throw new NotCarried("the sides of `" + operator + "` have the labels " + left + " and " + right
                    + ", which match nothing without `on (…)`: this rule never fires in Prometheus either");
        }
        List<String> joined = Signals.labels(on.get());
        if (!left.containsAll(joined) || !right.containsAll(joined)) {
            throw new NotCarried("`on " + on.get() + "` names a label that one side does not have");
        }
        return joined;
    }

    private Condition comparison(Binary binary) {
        String operator = binary.operator().equals("==") ? "=" : binary.operator();
        Decisive decisive = Decisive.of(operator);
        List<String> outer = enter(binary.on());
        Value left = value(binary.left(), decisive);
        Value right = value(binary.right(), decisive.opposite());
        keys = outer;
        if (left.number().isPresent() && right.number().isPresent()) {
            throw new NotCarried("two numbers are compared, and no metric");
        }
        List<String> by = join(left.by(), right.by(), binary.on(), binary.operator());
        return new Condition(
                withUnit(left, right.unit()) + " " + operator + " " + withUnit(right, left.unit()), by, true);
    }

    private static String withUnit(Value value, String unit) {
        if (value.number().isEmpty() || !unit.equals("s")) {
            return value.text();
        }
        BigDecimal millis =
                BigDecimal.valueOf(value.number().get()).movePointRight(3).stripTrailingZeros();
        return millis.abs().compareTo(BigDecimal.valueOf(60_000)) >= 0
                ? millis.movePointLeft(3).stripTrailingZeros().toPlainString() + "s"
                : millis.toPlainString() + "ms";
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private Condition absent(Call call) {
        Query only = call.arguments().size() == 1 ? call.arguments().get(0) : call;
        if (!(only instanceof Select select)) {
            throw new NotCarried("`" + call.function() + "` of something that is no metric");
        }
        changes.add("`" + call.function() + "` is a count of 0 in the window: it is known only once the window has been"
                + " watched, and needs a sender that is alive");
        String name = signals.add(select, "count", select.range().orElse(LOOK_BACK), List.of(), Optional.empty());
        return new Condition(name + " < 1", List.of(), true);
    }

    /** @param decisive which of several series is taken: the one that decides */
    private Value value(Query query, Decisive decisive) {
        if (query instanceof Number number) {
            return Value.of(number.value());
        }
        if (query instanceof Select select) {
            return latest(select, decisive.measure());
        }
        if (query instanceof Aggregate aggregate) {
            return aggregated(aggregate);
        }
        if (query instanceof Binary binary) {
            return arithmetic(binary, decisive);
        }
        return function((Call) query, List.of(), false);
    }

    private Value latest(Select select, String measure) {
        if (select.range().isPresent()) {
            throw new NotCarried("a range `" + select.metric() + "[…]` without a function");
        }
        List<String> by = together(select);
        changes.add("`" + select.metric() + "`: the " + measure + " of the last 5m instead of the latest value");
        return Value.signal(
                signals.add(select, measure + "(value)", LOOK_BACK, by, Signals.unit(select.metric())),
                by,
                Signals.unit(select.metric()).orElse(""));
    }

    /** By what series are told apart that no aggregation puts together. */
    private List<String> together(Select select) {
        changes.add(
                "`" + select.metric() + "`: one alert for all its series "
                        + (keys.isEmpty() ? "together" : "with the same " + keys)
                        + "; Prometheus has one for each. Add the labels that matter as `by` to the signal and as `on` to the rule");
        return keys;
    }

    private Value aggregated(Aggregate aggregate) {
        List<String> by = Signals.labels(aggregate.by());
        if (aggregate.of() instanceof Select select
                && Set.of("max", "min", "avg").contains(aggregate.operator())
                && select.range().isEmpty()) {
            changes.add("`" + aggregate.operator() + "` of `" + select.metric()
                    + "`: over all values of the last 5m instead of the latest of each series");
            Optional<String> unit = Signals.unit(select.metric());
            return Value.signal(
                    signals.add(select, aggregate.operator() + "(value)", LOOK_BACK, by, unit), by, unit.orElse(""));
        }
        if (aggregate.of() instanceof Call call && aggregate.operator().equals("sum")) {
            return function(call, by, true);
        }
        throw new NotCarried("`" + aggregate.operator()
                + "` over series of this kind: a signal measures values, not series; `sum` of a rate and `max`, `min`,"
                + " `avg` of a metric are carried over");
    }

    private Value function(Call call, List<String> by, boolean summed) {
        String name = call.function();
        if (name.equals("histogram_quantile")) {
            return quantile(call);
        }
        if (call.arguments().size() == 1
                && call.arguments().get(0) instanceof Select select
                && select.range().isPresent()) {
            Optional<String> measure = switch (name) {
                case "rate", "irate" -> Optional.of("rate(value)");
                case "increase" -> Optional.of("sum(value)");
                case "max_over_time" -> Optional.of("max(value)");
                case "min_over_time" -> Optional.of("min(value)");
                case "avg_over_time" -> Optional.of("avg(value)");
                case "last_over_time" -> Optional.of("last(value)");
                default -> Optional.empty();
            };
            if (measure.isPresent()) {
                return windowed(select, name, measure.get(), by, summed);
            }
        }
        throw new NotCarried("`" + name + "` has no counterpart");
    }

    private Value windowed(Select select, String function, String measure, List<String> by, boolean summed) {
        String metric = select.metric();
        if (metric.endsWith("_bucket")) {
            throw new NotCarried(
                    "buckets of a histogram outside of `histogram_quantile`; count them with a `ratio` over spans");
        }
        boolean counts = metric.endsWith("_count") && (measure.startsWith("rate") || measure.startsWith("sum"));
        if (counts && measure.startsWith("rate")) {
            throw new NotCarried("the rate of `" + metric + "`: write a signal with `measure: count` of metric "
                    + Signals.base(metric) + ", and the threshold per window");
        }
        List<String> split = summed ? by : together(select);
        if (function.equals("irate")) {
            changes.add("`irate` is `rate`: over the whole window instead of its last two values");
        }
        String used = counts ? "count" : measure;
        boolean adds = counts || measure.startsWith("rate") || measure.startsWith("sum");
        Optional<String> unit = adds ? Optional.empty() : Signals.unit(metric);
        return Value.signal(
                signals.add(select, used, select.range().orElse(LOOK_BACK), split, unit), split, unit.orElse(""));
    }

    private Value quantile(Call call) {
        if (call.arguments().size() != 2 || !(call.arguments().get(0) instanceof Number quantile)) {
            throw new NotCarried("`histogram_quantile` without a fixed quantile");
        }
        Query of = call.arguments().get(1);
        List<String> by = List.of();
        boolean summed = false;
        if (of instanceof Aggregate sum && sum.operator().equals("sum")) {
            by = Signals.labels(sum.by());
            of = sum.of();
            summed = true;
        }
        if (!(of instanceof Call rate)
                || !Set.of("rate", "increase", "irate").contains(rate.function())
                || rate.arguments().size() != 1
                || !(rate.arguments().get(0) instanceof Select select)
                || select.range().isEmpty()) {
            throw new NotCarried("`histogram_quantile` of something else than `sum by (le, …) (rate(…_bucket[…]))`");
        }
        if (!summed) {
            by = together(select);
        }
        changes.add(
                "the quantile is exact to about 1 %, instead of interpolated in its bucket, and unknown below the number"
                        + " of samples it needs");
        String measure = "p" + plain(quantile.value() * 100) + "(value)";
        Optional<String> unit = Signals.unit(select.metric());
        return Value.signal(signals.add(select, measure, select.range().get(), by, unit), by, unit.orElse(""));
    }

    private Value arithmetic(Binary binary, Decisive decisive) {
        if (!Set.of("+", "-", "*", "/").contains(binary.operator())) {
            throw new NotCarried("`" + binary.operator() + "` inside a value");
        }
        boolean turns = binary.operator().equals("-") || binary.operator().equals("/");
        List<String> outer = enter(binary.on());
        Value left = value(binary.left(), decisive);
        Value right = value(binary.right(), turns ? decisive.opposite() : decisive);
        keys = outer;
        if (left.number().isPresent() && right.number().isPresent()) {
            double a = left.number().get();
            double b = right.number().get();
            return Value.of(
                    switch (binary.operator()) {
                        case "+" -> a + b;
                        case "-" -> a - b;
                        case "*" -> a * b;
                        default -> a / b;
                    });
        }
        if (binary.operator().equals("/")
                && left.number().isEmpty()
                && right.number().isEmpty()) {
            changes.add("a quotient of two metrics has no guard against small numbers; a `ratio(…)` over spans has");
        }
        List<String> by = join(left.by(), right.by(), binary.on(), binary.operator());
        boolean sameUnit = binary.operator().equals("+") || binary.operator().equals("-");
        String unit = sameUnit ? (left.unit().isEmpty() ? right.unit() : left.unit()) : scaled(binary, left, right);
        String text = (sameUnit ? withUnit(left, right.unit()) : left.inside()) + " " + binary.operator() + " "
                + (sameUnit && right.single() ? withUnit(right, left.unit()) : right.inside());
        return new Value(text, by, Optional.empty(), unit, false);
    }

    /** The unit of a product or quotient with a number; of two signals none is known. */
    private static String scaled(Binary binary, Value left, Value right) {
        if (right.number().isPresent()) {
            return left.unit();
        }
        return left.number().isPresent() && binary.operator().equals("*") ? right.unit() : "";
    }
}
