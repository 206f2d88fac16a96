// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.alert.Tier;
import io.conjunct.check.Place;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rules an SLO stands for, after "Alerting on SLOs" of the Site Reliability Workbook: a page where 2 % of the budget
 * of 30 days goes in an hour or 5 % in six, a ticket where 10 % goes in a day or in three. The short window beside each
 * long one lets the alert resolve soon after the burning stops.
 */
final class BurnRules {
    private static final List<Pace> PAGE = List.of(
            new Pace(14.4, Duration.ofHours(1), Duration.ofMinutes(5)),
            new Pace(6, Duration.ofHours(6), Duration.ofMinutes(30)));
    private static final List<Pace> TICKET = List.of(
            new Pace(3, Duration.ofDays(1), Duration.ofHours(2)), new Pace(1, Duration.ofDays(3), Duration.ofHours(6)));

    private BurnRules() {}

    /** Burning this much faster than allowed, over a long window and, still, over a short one. */
    private record Pace(double factor, Duration longWindow, Duration shortWindow) {}

    /** The highest factor of a tier: it cannot be reached when the budget is too large for it. */
    static double highestFactor(Tier tier) {
        return (tier == Tier.PAGE ? PAGE : TICKET).get(0).factor();
    }

    /**
     * The rule of one tier.
     *
     * @param name key of the SLO
     * @param table its entries
     */
    static RuleDraft expand(Slo slo, Tier tier, Node.Scalar name, Node.Table table) {
        Places places = new Places();
        Place place = name.place();
        List<Condition> ways = new ArrayList<>();
        for (Pace pace : tier == Tier.PAGE ? PAGE : TICKET) {
            Condition both = new Condition.And(List.of(
                    above(slo, pace.factor(), pace.longWindow(), places, place),
                    above(slo, pace.factor(), pace.shortWindow(), places, place)));
            places.put(both, place);
            ways.add(both);
        }
        Condition when = new Condition.Or(ways);
        places.put(when, place);
        String alert = slo.name() + (tier == Tier.PAGE ? ".fast_burn" : ".slow_burn");
        SortedMap<String, String> labels = new TreeMap<>(table.texts("labels"));
        labels.put("slo", slo.name());
        Rule rule = new Rule(
                alert,
                when,
                Optional.empty(),
                slo.signal().by(),
                Duration.ZERO,
                Duration.ZERO,
                0,
                Duration.ZERO,
                Rule.DEFAULT_STALE_AFTER,
                tier,
                "users are promised " + Quantity.percent(slo.objective()),
                labels,
                table.texts("annotations"),
                table.scalar("status").map(Node.Scalar::text).orElse("live").equals("shadow"),
                RuleReader.demotable(table));
        Node.Scalar shown = new Node.Scalar(alert, Node.Scalar.Type.TEXT, name.layout());
        return new RuleDraft(shown, table, Optional.of(rule), Optional.of(tier), Optional.empty(), places);
    }

    private static Condition above(Slo slo, double factor, Duration window, Places places, Place place) {
        Expression burn = slo.burn(over(slo.signal(), window));
        String number = factor == Math.rint(factor) ? String.valueOf((long) factor) : String.valueOf(factor);
        Condition leg = new Condition.Comparison(
                "burn(" + slo.signal().name() + ", " + slo.name() + ") over " + Durations.format(window) + " > "
                        + number,
                burn,
                Comparator.GREATER,
                new Expression.Number(factor, Units.PLAIN));
        places.put(leg, place);
        return leg;
    }

    /** The same measure over another window. */
    private static Signal over(Signal signal, Duration window) {
        if (signal.over().equals(window)) {
            return signal;
        }
        return new Signal(
                signal.name() + "(" + Durations.format(window) + ")",
                signal.measure(),
                signal.of(),
                window,
                signal.by(),
                signal.unit(),
                signal.scale(),
                signal.minSamples(),
                new Signal.OnMissing.Unknown(),
                false);
    }
}
