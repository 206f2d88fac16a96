// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.conjunct.signal.Wilson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PosteriorTest {
    @ParameterizedTest
    @CsvSource({
        "0, 2, 0.88, 0.00, 0.57",
        "0, 3, 0.94, 0.00, 0.47",
        "0, 4, 0.97, 0.00, 0.40",
        "1, 4, 0.81, 0.06, 0.64",
        "1, 6, 0.94, 0.04, 0.50",
        "2, 8, 0.91, 0.09, 0.54",
        "2, 10, 0.97, 0.07, 0.46",
        "3, 12, 0.95, 0.10, 0.49",
        "6, 20, 0.96, 0.16, 0.48"
    })
    // The table that was first written down has 0.58 for the upper bound of 0 of 2 and 0.62 for 1 of 4; both were
    // misprints.
    void table_isReproduced(int real, int judged, double worse, double low, double high) {
        Posterior posterior = new Posterior(real, judged);

        // Two digits; 0 of 2 is 0.875, which lies between two of them.
        assertThat(posterior.worse()).isCloseTo(worse, within(0.005 + 1e-9));
        assertThat(Wilson.lower90(real, judged)).isCloseTo(low, within(0.005));
        assertThat(Wilson.upper90(real, judged)).isCloseTo(high, within(0.005));
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "5, 9", "12, 12"})
    void interval_holdsTheMeanAndNineTenths(int real, int judged) {
        Posterior posterior = new Posterior(real, judged);

        assertThat(posterior.mean()).isBetween(posterior.low(), posterior.high());
        // Without incidents Beta(1, b) has a closed form.
        if (real == 0) {
            assertThat(posterior.high()).isCloseTo(1 - Math.pow(0.05, 1.0 / (judged + 1)), within(1e-9));
        }
    }
}
