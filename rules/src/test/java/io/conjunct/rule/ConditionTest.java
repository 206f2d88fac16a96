// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.RuleFile;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The grammar of conditions: precedence, numbers, units, and what is refused. */
class ConditionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p99 > 1s AND faults > 1% OR cold > 1%        | (((p99 > 1) AND (faults > 0.01)) OR (cold > 0.01))",
                "p99 > 1s OR faults > 1% AND cold > 1%        | ((p99 > 1) OR ((faults > 0.01) AND (cold > 0.01)))",
                "(p99 > 1s OR faults > 1%) AND cold > 1%      | (((p99 > 1) OR (faults > 0.01)) AND (cold > 0.01))",
                "NOT p99 > 1s AND faults > 1%                 | (NOT (p99 > 1) AND (faults > 0.01))",
                "NOT (p99 > 1s AND faults > 1%)               | NOT ((p99 > 1) AND (faults > 0.01))",
                "NOT NOT p99 > 1s                             | NOT NOT (p99 > 1)",
                "p99 > 1s AND faults > 1% AND cold > 1%       | ((p99 > 1) AND (faults > 0.01) AND (cold > 0.01))",
                "requests + 2 * queue > 7                     | ((requests + (2 * queue)) > 7)",
                "(requests + 2) * 3 > 7                       | (((requests + 2) * 3) > 7)",
                "requests - 2 - 3 > 7                         | (((requests - 2) - 3) > 7)",
                "requests / 2 / 3 > 7                         | (((requests / 2) / 3) > 7)",
                "-queue > -7                                  | ((-1 * queue) > -7)",
                "-2 * queue < +7                              | ((-2 * queue) < 7)",
                "1s < p99                                     | (1 < p99)",
                "((p99)) > ((1s))                             | (p99 > 1)",
                "p99 > 1.3 * baseline(p99, 1w)                | (p99 > (1.3 * baseline(p99, 7d)))",
                "p99 != 1s                                    | (p99 != 1)",
                "p99 > 1s THEN faults > 1% within 10m         | ((p99 > 1) THEN (faults > 0.01) within PT10M)",
                "NOT p99 > 1s THEN faults > 1% within 10m     | (NOT (p99 > 1) THEN (faults > 0.01) within PT10M)",
                "(p99 > 1s THEN faults > 1% within 1h30m) AND cold > 1% | (((p99 > 1) THEN (faults > 0.01) within PT1H30M) AND (cold > 0.01))",
                "p99 > 1s THEN (faults > 1% AND cold > 1%) within 10m | ((p99 > 1) THEN ((faults > 0.01) AND (cold > 0.01)) within PT10M)",
                "p99 > 1s THEN faults > 1% within 1m THEN cold > 1% within 1m | (((p99 > 1) THEN (faults > 0.01) within PT1M) THEN (cold > 0.01) within PT1M)",
                "2 OF (p99 > 1s, faults > 1%, NOT cold > 1%)  | 2 OF ((p99 > 1), (faults > 0.01), NOT (cold > 0.01))",
                "cold > 1% AND NOT 1 OF (p99 > 1s)            | ((cold > 0.01) AND NOT 1 OF ((p99 > 1)))",
            })
    void text_becomesTree(String text, String tree) {
        assertThat(tree(RuleFile.ruleOf(RuleFile.condition(text)).when())).isEqualTo(tree);
    }

    @ParameterizedTest
    @CsvSource({
        "p99 > 1000ms,1,s",
        "p99 > 300ms,0.3,s",
        "p99 > 5ns,5e-9,s",
        "p99 > 5us,5e-6,s",
        "p99 > 1h30m,5400,s",
        "p99 > 1m30s500ms,90.5,s",
        "p99 > 1.5s,1.5,s",
        "p99 > 1d,86400,s",
        "faults > 0.1%,0.001,ratio",
        "faults > 0.001,0.001,''",
        "size > 2GiB,2147483648,By",
        "size > 2.5MB,2500000,By",
        "size > 1KiB,1024,By",
        "requests > 1e3,1000,''",
        "requests > .5,0.5,''",
    })
    void number_isInBaseUnits(String text, double value, String unit) {
        Condition.Comparison leg =
                RuleFile.ruleOf(RuleFile.condition(text)).when().comparisons().get(0);
        assertThat(leg.right()).isEqualTo(new Expression.Number(value, unit));
    }

    @ParameterizedTest
    @CsvSource({
        "p99 > 1000,unit/mismatch,write 1000ms",
        "p99 > 3,unit/mismatch,write 3s",
        "size > 100,unit/mismatch,write 100B",
        "p99 > 5%,unit/mismatch,'write a duration, such as 300ms'",
        "requests > 5s,unit/mismatch,write a number without a unit",
        "p99 * p99 > 1s,unit/mismatch,write a number without a unit; it is compared in s*s",
        "p99 > faults,unit/mismatch,only like can be compared with like",
        "p99 - 1 > 1s,unit/mismatch,write 1s",
        "queue > 3s,signal/metric-unit-missing,'say what it is recorded in: add `unit: s` (or ms, us, ns) to the signal queue'",
    })
    void wrongUnit_isRefusedWithTheFix(String text, String id, String fix) {
        assertThat(RuleFile.found(RuleFile.condition(text)))
                .extracting(Diagnostic::id, Diagnostic::fix)
                .containsExactly(tuple(id, fix));
    }

    @ParameterizedTest
    @CsvSource({
        "requests / all_requests > 1%",
        "requests > 5",
        "queue > 5",
        "queue > 5%",
        "request_rate > 5",
        "p99 / p50_hour > 3",
        "p99 - p50_hour > 3s",
        "p99 * 2 > 3s",
        "faults + cold > 5%",
        "1 - faults < 99%",
        "faults * requests > 10",
        "size / 2 > 1GiB",
        "size / p99 > 100",
        "request_rate * p99 > 10",
    })
    void fittingUnits_areAccepted(String text) {
        assertThat(RuleFile.ids(RuleFile.condition("'" + text + "'"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p99 >                        | condition/syntax",
                "p99 > 1s)                    | condition/syntax",
                "(p99 > 1s                    | condition/syntax",
                "p99 > 1s faults > 1%         | condition/syntax",
                "AND p99 > 1s                 | condition/syntax",
                "p99 > 1s AND                 | condition/syntax",
                "p99 > 1x                     | condition/syntax",
                "p99 > 1h30                   | condition/syntax",
                "p99 => 1s                    | condition/syntax",
                "p99 > 1s or faults > 1%      | condition/syntax",
                "not p99 > 1s                 | condition/syntax",
                "p99 ~ 1s                     | condition/syntax",
                "(p99 > 1s) > 2               | condition/syntax",
                "p99 > 1s within 5m           | condition/syntax",
                "baseline(p99) > 1s           | condition/syntax",
                "baseline(7d, p99) > 1s       | condition/syntax",
                "baseline(p99, 5) > 1s        | condition/syntax",
                "sum(p99) > 1s                | condition/syntax",
                "p99 > 1e999                  | condition/syntax",
                "p99 > 1s THEN faults > 1%    | condition/syntax",
                "p99 > 1s THEN faults > 1% within | condition/syntax",
                "p99 > 1s THEN faults > 1% within 5 | condition/syntax",
                "p99 > 1s then faults > 1% within 5m | condition/syntax",
                "p99 > 1s THEN faults > 1% within 0s | duration/out-of-range",
                "p99 > 1s THEN faults > 1% within 31d | duration/out-of-range",
                "p99 > 1s AND cold > 1% THEN faults > 1% within 5m | condition/syntax",
                "p99 > 1s THEN faults > 1% within 5m OR cold > 1% | condition/syntax",
                "p99 > 1s THEN 5 within 5m | condition/syntax",
                "3 OF (p99 > 1s, faults > 1%) | condition/of-count",
                "0 OF (p99 > 1s, faults > 1%) | condition/of-count",
                "1.5 OF (p99 > 1s, faults > 1%) | condition/of-count",
                "1s OF (p99 > 1s, faults > 1%) | condition/of-count",
                "1 OF (p99 > 1s, faults > 1%) | condition/of-trivial",
                "2 OF (p99 > 1s, faults > 1%) | condition/of-trivial",
                "2 OF (p99 > 1s, cold > 1%, p99 > 1s) | condition/of-twice",
                "2 OF (p99 > 1s, cold > 1%    | condition/syntax",
                "2 OF (p99, cold > 1%, faults > 1%) | condition/syntax",
                "2 OF p99 > 1s                | condition/syntax",
                "2 OF ()                      | condition/syntax",
                "(2 OF (p99 > 1s, cold > 1%, faults > 1%)) + 1 > 2 | condition/syntax",
                "burn(faults, slo) > 2        | condition/unknown-slo",
                "faults * 2 > 201%            | condition/never-true",
                "faults / 2 > 60%             | condition/never-true",
                "3 < 2 * cold                 | condition/never-true",
                "p98 > 1s                     | condition/unknown-signal",
                "1 > 2                        | condition/no-signal",
                "requests > baseline(requests, 7d) | condition/baseline-of-total",
                "p99 > baseline(p99, 10m)     | condition/baseline-too-short",
                "p99 > baseline(p99, 31d)     | condition/baseline-too-long",
            })
    void wrongCondition_isRefusedOnce(String text, String id) {
        assertThat(RuleFile.ids(RuleFile.condition("'" + text + "'"))).containsExactly(id);
    }

    @Test
    void deepNesting_isRefused() {
        String deep = "(".repeat(200) + "p99 > 1s" + ")".repeat(200);
        assertThat(RuleFile.ids(RuleFile.condition(deep))).containsExactly("condition/syntax");
        String minus = "-".repeat(200) + "queue > 1";
        assertThat(RuleFile.ids(RuleFile.condition("'" + minus + "'"))).containsExactly("condition/syntax");
    }

    @Test
    void endlessCondition_isRefused() {
        String text = "p99 > 1s" + " AND p99 > 1s".repeat(300);
        assertThat(RuleFile.ids(RuleFile.condition(text))).containsExactly("condition/too-long");
    }

    @Test
    void bothProblems_areReported_oneOfEachLeg() {
        assertThat(RuleFile.ids(RuleFile.condition("p99 > 5 AND p98 > 1s OR NOT faults > 3s")))
                .containsExactly("unit/mismatch", "condition/unknown-signal", "unit/mismatch");
    }

    @Test
    void doubleEquals_isUnderstoodWithAHint() {
        Loaded loaded = RuleFile.condition("requests == 0");
        assertThat(RuleFile.ids(loaded)).containsExactly("condition/double-equals");
        assertThat(tree(RuleFile.ruleOf(loaded).when())).isEqualTo("(requests = 0)");
    }

    @Test
    void legText_isAsItWouldBeFormatted() {
        Loaded loaded = RuleFile.condition("\"NOT (p99   >\\t1s\\n OR  2*(requests + 1) > 3 )\"");
        assertThat(RuleFile.ruleOf(loaded).when().comparisons())
                .extracting(Condition.Comparison::text)
                .isEqualTo(List.of("p99 > 1s", "2 * (requests + 1) > 3"));
    }

    private static String tree(Condition condition) {
        if (condition instanceof Condition.Comparison c) {
            return "(" + tree(c.left()) + " " + c.comparator().symbol() + " " + tree(c.right()) + ")";
        }
        if (condition instanceof Condition.Not not) {
            return "NOT " + tree(not.term());
        }
        if (condition instanceof Condition.Then then) {
            return "(" + tree(then.first()) + " THEN " + tree(then.second()) + " within " + then.within() + ")";
        }
        if (condition instanceof Condition.AtLeast some) {
            return some.terms().stream()
                    .map(ConditionTest::tree)
                    .collect(Collectors.joining(", ", some.count() + " OF (", ")"));
        }
        return condition instanceof Condition.And and
                ? and.terms().stream().map(ConditionTest::tree).collect(Collectors.joining(" AND ", "(", ")"))
                : ((Condition.Or) condition)
                        .terms().stream().map(ConditionTest::tree).collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String tree(Expression expression) {
        if (expression instanceof Expression.Number number) {
            String text = String.valueOf(number.value());
            return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
        }
        if (expression instanceof Expression.Reference reference) {
            return reference.signal().name();
        }
        Expression.Arithmetic a = (Expression.Arithmetic) expression;
        String symbol = switch (a.operator()) {
            case PLUS -> "+";
            case MINUS -> "-";
            case TIMES -> "*";
            case DIVIDED_BY -> "/";
        };
        return "(" + tree(a.left()) + " " + symbol + " " + tree(a.right()) + ")";
    }
}
