// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 7: a page needs two different signals on every way to true. */
class SingleSignalTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "faults > 1%",
                "NOT faults < 1%",
                "faults > 1% OR p99 > 1s",
                "NOT (p99 < 1s AND faults < 1%)",
                "NOT (p99 < 1s THEN faults < 1% within 10m)",
                "2 OF (p99 > 1s, p99 > 2s, faults > 1%)"
            })
    void pageOnOneSignal_isRefused(String when) {
        assertThat(RuleFile.ids(RuleFile.page(when))).contains("rule/single-signal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p99 > 1s AND p50_hour > 300ms",
                "p99 > 1s AND requests > 100",
                "p99 > 1s AND request_rate > 1",
                "p99 > 1s AND all_requests > 100",
                "faults > 1% AND errors > 20",
                "errors / requests > 1%",
                "p99 > 2 * baseline(p99, 7d)",
                "requests > 5 AND request_rate > 1",
                "p99 > 1s AND (faults > 1% OR p50_hour > 300ms)",
                "NOT (p99 < 1s OR p50_hour < 300ms)",
                "p99 / p50_hour > 3",
                "p99 > 1s THEN p50_hour > 300ms within 10m",
                "2 OF (p99 > 1s, faults > 1%, p50_hour > 300ms)",
                "2 OF (p99 > 1s, faults > 1%, requests > 100)",
                "NOT 2 OF (p99 < 1s, faults < 1%, p50_hour < 300ms)",
            })
    void pageOnSeveralNamesForOneSignal_isRefused(String when) {
        assertThat(RuleFile.ids(RuleFile.page(when))).containsExactly("rule/pseudo-correlation");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "faults > 1% AND p99 > 1s",
                "faults > 1% AND cold < 10%",
                "p99 > 1s AND failures > 3",
                "failures > 3 AND requests > 5",
                "p99 > 1s AND errors > 20",
                "(faults > 1% OR cold > 50%) AND p99 > 1s",
                "NOT (p99 < 1s OR faults < 1%)",
                "p99 > 1s AND faults > 1% AND requests > 100",
                "p99 > 1s THEN faults > 1% within 10m",
                "2 OF (p99 > 1s, faults > 1%, failures > 3)",
                "3 OF (p99 > 1s, faults > 1%, p50_hour > 300ms, errors > 20)",
                "NOT 2 OF (p99 < 1s, faults < 1%, failures < 3)",
            })
    void pageOnTwoSignals_isAccepted(String when) {
        assertThat(RuleFile.ids(RuleFile.page(when))).isEmpty();
    }

    @Test
    void reason_isEnough_andKept() {
        var loaded = RuleFile.page("faults > 1%", "single_signal: readers see them");
        assertThat(RuleFile.ids(loaded)).isEmpty();
        assertThat(RuleFile.ruleOf(loaded).singleSignal()).isEqualTo("readers see them");
    }

    @Test
    void blankReason_isNone() {
        assertThat(RuleFile.ids(RuleFile.page("faults > 1%", "single_signal: ' '")))
                .containsExactly("rule/single-signal");
    }

    @Test
    void reasonWithoutNeed_isAWarning() {
        var loaded = RuleFile.page("faults > 1% AND p99 > 1s", "single_signal: why not");
        assertThat(RuleFile.ids(loaded)).containsExactly("rule/single-signal-not-needed");
        assertThat(loaded.ruleSet()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticket", "annotate"})
    void otherTiers_mayHaveOneSignal(String tier) {
        assertThat(RuleFile.ids(RuleFile.rule("when: faults > 1%", "tier: " + tier)))
                .isEmpty();
    }

    @Test
    void message_namesTheWayThatIsTooShort() {
        var found = RuleFile.found(RuleFile.page("p99 > 1s AND (faults > 1% OR p50_hour > 300ms)"));
        assertThat(found.get(0).message())
                .isEqualTo("`p99 > 1s AND p50_hour > 300ms` pages on what is one signal: p99, p50_hour");
    }

    @Test
    void tooManyWays_areRefusedNotCounted() {
        StringBuilder when = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            when.append(i == 1 ? "" : " AND ").append(String.format("(p99 > %ds OR faults > %d%%)", i, i));
        }
        assertThat(RuleFile.ids(RuleFile.page(when.toString()))).containsExactly("condition/too-complex");
    }

    @Test
    void tooManyChoices_areRefusedNotCounted() {
        StringBuilder terms = new StringBuilder("p99 > 1s");
        for (int i = 2; i <= 40; i++) {
            terms.append(String.format(", p99 > %ds", i));
        }
        assertThat(RuleFile.ids(RuleFile.page("20 OF (" + terms + ")"))).containsExactly("condition/too-complex");
        assertThat(RuleFile.ids(RuleFile.page("39 OF (" + terms + ")"))).containsExactly("rule/single-signal");
    }
}
