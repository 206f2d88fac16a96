// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What legs imply and exclude. A finding here would be wrong about somebody's rule, so silence is tested as much. */
class LogicTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p99 > 5s AND p99 < 3s",
                "p99 > 5s AND NOT p99 > 3s",
                "p99 > 5s AND 3s > p99",
                "requests = 0 AND requests > 0",
                "requests = 0 AND requests != 0",
                "faults > 5% AND faults < 3%",
                "faults > 5% AND NOT faults > 3%",
                "p99 > p50_hour AND p99 < p50_hour",
                "2 OF (p99 > 5s, p99 < 3s)",
                "(p99 > 5s AND p99 < 3s) OR (p99 > 6s AND p99 < 2s)"
            })
    void impossible_isAContradiction(String when) {
        assertThat(RuleFile.ids(RuleFile.condition(when))).contains("condition/contradiction");
        assertThat(RuleFile.ids(RuleFile.condition(when, "within: 5m"))).doesNotContain("condition/contradiction");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p99 > 3s AND p99 < 5s",
                "p99 >= 3s AND p99 <= 3s",
                "p99 > 5s AND p50_hour < 3s",
                "p99 > 5s THEN p99 < 3s within 10m",
                "NOT faults > 5% AND NOT faults < 3%",
                "faults > 3% AND NOT faults > 5%",
                "lag > 3s AND region_p99 > 1s",
                "p99 > 5s OR p99 < 3s",
                "faults > 5% OR faults <= 5%",
                "faults > 1% OR NOT requests > 10"
            })
    void possible_isNotFound(String when) {
        assertThat(RuleFile.ids(RuleFile.condition(when))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p99 > 1s OR p99 < 2s",
                "p99 > 1s OR NOT p99 > 1s",
                "faults > 1% OR NOT faults > 1%",
                "NOT (p99 > 5s AND p99 < 3s)"
            })
    void inevitable_isATautology(String when) {
        assertThat(RuleFile.ids(RuleFile.condition(when))).contains("condition/tautology");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "p99 > 5s AND p99 > 3s;p99 > 3s",
                "p99 > 5s OR p99 > 3s;p99 > 5s",
                "p99 > 3s AND p99 > 3s;p99 > 3s",
                "p99 > 3s AND p99 >= 3s;p99 >= 3s",
                "requests >= 1 AND requests != 0;requests != 0",
                "faults > 5% AND faults > 3%;faults > 3%",
                "cold > 50% AND (faults > 5% OR faults > 3%);faults > 5%",
            })
    void idleLeg_isNamed(String when, String idle) {
        assertThat(RuleFile.found(RuleFile.condition(when)))
                .filteredOn(d -> d.id().equals("condition/implied-leg"))
                .singleElement()
                .satisfies(d -> assertThat(d.message()).startsWith("`" + idle + "` changes nothing"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "p99 > 1s;p99 > 2s;rule/until-never",
                "p99 > 1s;p99 >= 1.5s AND faults < 1%;rule/until-never",
                "faults > 1%;faults > 2%;rule/until-never",
                "p99 > 1s;p99 < 2s;rule/until-no-effect",
                "p99 > 1s;p99 <= 1s;rule/until-no-effect",
                "p99 > 1s AND faults > 1%;p99 <= 1s OR NOT faults > 1%;rule/until-no-effect"
            })
    void until_thatNeverOrAlwaysHolds_isFound(String when, String until, String id) {
        assertThat(RuleFile.ids(RuleFile.condition(when, "until: " + until))).containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "p99 > 1s;p99 < 800ms",
                "p99 > 1s AND faults > 1%;p99 < 800ms",
                "p99 > 1s;faults < 1%",
                "faults > 1%;faults < 1%",
                "p99 > 1s AND faults > 1%;p99 < 2s"
            })
    void until_thatDecides_isNotFound(String when, String until) {
        assertThat(RuleFile.ids(RuleFile.condition(when, "until: " + until))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "p99 > 5s;p99 > 1s;Second;First",
                "p99 > 5s AND faults > 1%;p99 > 1s;Second;First",
                "p99 > 5s;p99 > 1s OR faults > 1%;Second;First",
                "p99 > 1s;p99 > 5s;First;Second"
            })
    void shadowedRule_isNamed(String first, String second, String loud, String quiet) {
        assertThat(RuleFile.found(two(first, "", second, ""))).singleElement().satisfies(d -> {
            assertThat(d.id()).isEqualTo("rule/shadowed");
            assertThat(d.message())
                    .isEqualTo("whenever `" + quiet + "` fires, `" + loud + "` has fired as annotate already");
        });
    }

    @Test
    void rulesThatDiffer_areNotShadowed() {
        assertThat(RuleFile.ids(two("p99 > 5s", "", "p99 > 1s", "for: 5m"))).isEmpty();
        assertThat(RuleFile.ids(two("p99 > 5s", "labels: {team: a}", "p99 > 1s", "labels: {team: b}")))
                .isEmpty();
        assertThat(RuleFile.ids(two("p99 > 5s", "", "p99 > 1s AND faults > 1%", "")))
                .isEmpty();
        assertThat(RuleFile.ids(two("p99 > 5s", "status: shadow", "p99 > 1s", "")))
                .isEmpty();
    }

    private static io.conjunct.rule.Loaded two(String first, String firstKey, String second, String secondKey) {
        return RuleFile.load(
                RuleFile.HEAD + "  rules:\n" + one("First", first, firstKey) + one("Second", second, secondKey));
    }

    private static String one(String name, String when, String key) {
        return "  - {alert: " + name + ", when: " + when + ", tier: annotate" + (key.isEmpty() ? "" : ", " + key)
                + "}\n";
    }
}
