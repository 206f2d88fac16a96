// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.check.RuleFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A condition written out reads back as the same condition. */
class ConditionTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "p99 > 1s AND faults > 1% OR cold > 1%",
                "(p99 > 1s OR faults > 1%) AND cold > 1%",
                "NOT (p99 > 1s AND faults > 1%)",
                "NOT NOT p99 > 1s",
                "2 OF (p99 > 1s OR faults > 1%, cold > 1%, requests > 5)",
                "NOT 2 OF (p99 > 1s, cold > 1%, requests > 5)",
                "p99 > 1s THEN NOT faults > 1% within 1h30m",
                "(p99 > 1s AND cold > 1%) THEN (faults > 1% THEN requests > 5 within 1m) within 10m",
                "(p99 > 1s THEN faults > 1% within 10m) AND cold > 1%",
                "(p99 > 1s THEN faults > 1% within 10m) OR NOT (cold > 1% THEN requests > 5 within 1d)",
            })
    void text_readsBackAsWritten(String text) {
        assertThat(RuleFile.ruleOf(RuleFile.condition(text)).when().text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p99>1s AND(faults>1%)                  | p99 > 1s AND (faults > 1%)",
                "p99 > 2*baseline( p99 ,7d )            | p99 > 2 * baseline(p99, 7d)",
                "NOT(-p99<-1s)                          | NOT (-p99 < -1s)",
                "2 OF(p99>1s,faults>1%,cold>1%)         | 2 OF (p99 > 1s, faults > 1%, cold > 1%)",
                "p99-1s>-1*500ms THEN faults>1% within 5m | p99 - 1s > -1 * 500ms THEN faults > 1% within 5m",
                "(p99+1s)-500ms > 1s                    | (p99 + 1s) - 500ms > 1s",
                "NOT NOT p99 >= 1s                      | NOT NOT p99 >= 1s",
            })
    void spacing_isOne_andMeansTheSame(String written, String formatted) {
        assertThat(Spacing.of(written)).contains(formatted);
        assertThat(Spacing.of(formatted)).contains(formatted);
        assertThat(RuleFile.ruleOf(RuleFile.condition(formatted)).when())
                .isEqualTo(RuleFile.ruleOf(RuleFile.condition(written)).when());
    }
}
