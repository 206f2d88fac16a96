// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thresholds that no value reaches, or that every value has passed. */
class ThresholdsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "faults > 100%",
                "faults >= 101%",
                "faults > 1",
                "faults < 0%",
                "faults < 0",
                "faults = 120%",
                "2 < faults",
                "requests < 0",
                "requests = -1",
                "request_rate < 0",
                "p99 < 0s",
                "p99 <= -1ms",
                "faults > 50% * 3"
            })
    void impossible_isRefused(String when) {
        assertThat(RuleFile.ids(RuleFile.condition(when))).containsExactly("condition/never-true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"faults >= 0%", "faults <= 100%", "requests >= 0", "requests > -1", "p99 >= 0s", "faults != 120%"
            })
    void inevitable_isRefused(String when) {
        assertThat(RuleFile.ids(RuleFile.condition(when))).containsExactly("condition/always-true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"faults >= 100%", "faults <= 0%", "faults >= 1", "faults * 2 >= 200%"})
    void boundThatNoIntervalReaches_isRefused(String when) {
        assertThat(RuleFile.ids(RuleFile.condition(when))).containsExactly("condition/ratio-bound");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "faults = 0%",
                "faults > 0",
                "requests <= 0",
                "requests = 0",
                "p99 > 0s",
                "queue < 0",
                "lag < 0s",
                "faults < 0.05",
                "faults + cold > 120%"
            })
    void possible_isAccepted(String when) {
        assertThat(RuleFile.ids(RuleFile.condition(when))).isEmpty();
    }
}
