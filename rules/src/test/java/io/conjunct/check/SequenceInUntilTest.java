// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rule/then-in-until}. */
class SequenceInUntilTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p99 < 1s THEN faults < 1% within 5m",
                "faults < 1% AND NOT (p99 > 1s THEN cold > 1% within 5m)",
                "2 OF (faults < 1%, cold < 1%, p99 < 1s THEN cold < 2% within 5m)",
            })
    void sequence_cannotResolve(String until) {
        assertThat(RuleFile.ids(RuleFile.condition("faults > 5%", "until: " + until)))
                .containsExactly("rule/then-in-until");
    }

    @Test
    void otherConditions_can() {
        assertThat(RuleFile.ids(RuleFile.condition("faults > 5% THEN p99 > 1s within 5m", "until: faults < 1%")))
                .isEmpty();
    }
}
