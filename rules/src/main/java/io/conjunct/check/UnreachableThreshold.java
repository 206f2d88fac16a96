// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Condition;
import io.conjunct.rule.Expression;
import io.conjunct.rule.GroupDraft;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleDraft;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Signal;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * {@code condition/never-true}, {@code condition/always-true}, {@code condition/ratio-bound}: a ratio lies between 0 and 100 %, counts and durations
 * are not negative. Only comparisons of one signal, or a multiple of it as {@code burn} is, with a number are looked at.
 */
final class UnreachableThreshold implements RuleCheck {
    @Override
    public void check(List<GroupDraft> groups, Findings findings) {
        for (GroupDraft group : groups) {
            for (RuleDraft draft : group.rules()) {
                draft.rule().ifPresent(rule -> legs(rule).forEach(leg -> check(draft, leg, findings)));
            }
        }
    }

    private static Stream<Condition.Comparison> legs(Rule rule) {
        return Stream.concat(
                rule.when().comparisons().stream(), rule.until().stream().flatMap(u -> u.comparisons().stream()));
    }

    private static void check(RuleDraft draft, Condition.Comparison leg, Findings findings) {
        Comparator comparator = leg.comparator();
        Expression left = leg.left();
        Expression right = leg.right();
        if (left.constant().isPresent()) {
            left = leg.right();
            right = leg.left();
            comparator = comparator.mirrored();
        }
        OptionalDouble constant = right.constant();
        OptionalDouble scale = scale(left);
        if (scale.isEmpty() || constant.isEmpty()) {
            return;
        }
        Signal signal = left.signals().get(0);
        double lowest = lowest(signal);
        double highest = signal.measure().type() == Measure.Type.RATIO ? scale.getAsDouble() : Double.POSITIVE_INFINITY;
        if (lowest < 0) {
            return;
        }
        double threshold = constant.getAsDouble();
        boolean never = switch (comparator) {
            case GREATER -> threshold >= highest;
            case GREATER_OR_EQUAL -> threshold > highest;
            case LESS -> threshold <= lowest;
            case LESS_OR_EQUAL -> threshold < lowest;
            case EQUAL -> threshold < lowest || threshold > highest;
            case NOT_EQUAL -> false;
        };
        boolean always = switch (comparator) {
            case GREATER -> threshold < lowest;
            case GREATER_OR_EQUAL -> threshold <= lowest;
            case LESS -> threshold > highest;
            case LESS_OR_EQUAL -> threshold >= highest;
            case EQUAL -> false;
            case NOT_EQUAL -> threshold < lowest || threshold > highest;
        };
        boolean share = Double.isFinite(highest);
        if (share
                && ((comparator == Comparator.GREATER_OR_EQUAL && threshold == highest)
                        || (comparator == Comparator.LESS_OR_EQUAL && threshold == lowest))) {
            findings.error(
                    "condition/ratio-bound",
                    draft.places().of(leg),
                    "`" + leg.text() + "` is never true: a share is compared by its confidence interval, which never "
                            + "reaches " + (threshold == highest ? "all" : "none") + " of the events",
                    threshold == highest ? "write a little less, such as > 99%" : "write a little more, such as < 1%");
            return;
        }
        if (never || always) {
            findings.error(
                    never ? "condition/never-true" : "condition/always-true",
                    draft.places().of(leg),
                    "`" + leg.text() + "` is " + (never ? "never" : "always") + " true: " + signal.name() + " is "
                            + (Double.isFinite(highest) ? "between 0% and 100%" : "never below 0"),
                    !Double.isFinite(highest)
                            ? "choose a threshold above 0"
                            : highest == 1
                                    ? "choose a threshold between them"
                                    : "choose a threshold between 0 and " + Math.round(highest * 100) / 100.0);
        }
    }

    /** Of a signal, or a signal times or by a number above 0, that number; nothing else is looked at. */
    private static OptionalDouble scale(Expression expression) {
        if (expression instanceof Expression.Reference) {
            return OptionalDouble.of(1);
        }
        if (!(expression instanceof Expression.Arithmetic arithmetic)) {
            return OptionalDouble.empty();
        }
        Expression left = arithmetic.left();
        Expression right = arithmetic.right();
        if (left instanceof Expression.Reference && right.constant().orElse(-1) > 0) {
            double by = right.constant().getAsDouble();
            return switch (arithmetic.operator()) {
                case TIMES -> OptionalDouble.of(by);
                case DIVIDED_BY -> OptionalDouble.of(1 / by);
                case PLUS, MINUS -> OptionalDouble.empty();
            };
        }
        boolean multiple = arithmetic.operator() == Expression.Operator.TIMES
                && right instanceof Expression.Reference
                && left.constant().orElse(-1) > 0;
        return multiple ? left.constant() : OptionalDouble.empty();
    }

    /** The least value the signal can have; negative when that is not known. */
    private static double lowest(Signal signal) {
        boolean occurrences = signal.measure().field().isEmpty();
        return occurrences || signal.measure().field().equals("duration") ? 0 : -1;
    }
}
