// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.conjunct.event.Seeded;
import org.junit.jupiter.api.Test;

/** The interval agrees with published values and behaves as an interval of a share must. */
class WilsonTest {

    @Test
    void bounds_ofKnownShares_areTheKnownOnes() {
        assertThat(Wilson.lower(20, 1_000)).isCloseTo(0.01298, within(5e-6));
        assertThat(Wilson.upper(20, 1_000)).isCloseTo(0.03070, within(5e-5));
        assertThat(Wilson.upper(0, 10)).isCloseTo(0.2775, within(5e-5));
        assertThat(Wilson.lower(0, 10)).isZero();
        // Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29.
        assertThat(Wilson.lower(81, 263)).isCloseTo(0.2553, within(5e-5));
        assertThat(Wilson.upper(81, 263)).isCloseTo(0.3662, within(5e-5));
        assertThat(Wilson.lower(15, 148)).isCloseTo(0.0624, within(5e-5));
        assertThat(Wilson.upper(15, 148)).isCloseTo(0.1605, within(5e-5));
        assertThat(Wilson.upper(0, 20)).isCloseTo(0.1611, within(5e-5));
        assertThat(Wilson.lower(1, 29)).isCloseTo(0.0061, within(5e-5));
        assertThat(Wilson.upper(1, 29)).isCloseTo(0.1718, within(5e-5));
    }

    @Test
    void bounds_ofOneOfOne_leaveRoom() {
        assertThat(Wilson.lower(1, 1)).isCloseTo(0.2065, within(5e-5));
        assertThat(Wilson.upper(1, 1)).isEqualTo(1);
    }

    @Test
    void bounds_ofNothing_areEverything() {
        assertThat(Wilson.lower(0, 0)).isZero();
        assertThat(Wilson.upper(0, 0)).isEqualTo(1);
    }

    @Test
    void bounds_ofAnyShare_encloseItAndRiseWithIt() {
        Seeded.forEach(10_000, (random, seed) -> {
            long n = random.nextLong(1, 1L << random.nextInt(1, 40));
            long k = random.nextLong(n + 1);
            double p = (double) k / n;
            double lower = Wilson.lower(k, n);
            double upper = Wilson.upper(k, n);
            assertThat(lower).isBetween(0.0, p + 1e-12);
            assertThat(upper).isBetween(p - 1e-12, 1.0);
            assertThat(Wilson.lower(n - k, n)).isCloseTo(1 - upper, within(1e-9));
            if (k < n) {
                assertThat(Wilson.lower(k + 1, n)).isGreaterThanOrEqualTo(lower);
                assertThat(Wilson.upper(k + 1, n)).isGreaterThanOrEqualTo(upper - 1e-12);
            }
        });
    }
}
