// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuantityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.4213      | s    | 1.42 s",
                "1           | s    | 1 s",
                "0           | s    | 0 s",
                "0.9999      | s    | 1 s",
                "0.25        | s    | 250 ms",
                "0.00042     | s    | 420 µs",
                "0.000000007 | s    | 7 ns",
                "-0.5        | s    | -500 ms",
                "119.6       | s    | 1.99 min",
                "90          | s    | 90 s",
                "750         | s    | 12.5 min",
                "7200        | s    | 2 h",
                "2592000     | s    | 30 d",
                "1204        | 1    | 1,204",
                "1234567.8   | 1    | 1,234,568",
                "0.0512345   | 1    | 0.0512",
                "1e-9        | 1    | 0.000000001",
                "1536        | By   | 1.5 KiB",
                "0           | By   | 0 B",
                "3.14159     | {request}/s | 3.14 {request}/s",
                "NaN         | s    | unknown",
                "Infinity    | 1    | unknown",
            })
    void number_isSaidAsAPersonWould(double value, String unit, String words) {
        assertThat(new Quantity(value, unit, false)).hasToString(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0.92137 | 92.1 %", "0.05 | 5 %", "1 | 100 %", "0.00004 | 0.004 %", "12 | 1,200 %"})
    void ratio_isSaidInPercent(double value, String words) {
        assertThat(new Quantity(value, "1", true)).hasToString(words);
    }

    @Test
    void value_justAboveItsThreshold_showsTheDifference() {
        Quantity value = new Quantity(1.0004, "s", false);
        Quantity threshold = new Quantity(1, "s", false);

        assertThat(value.besides(threshold)).isEqualTo("1.0004 s");
        assertThat(threshold.besides(value)).isEqualTo("1 s");
        assertThat(threshold.besides(threshold)).isEqualTo("1 s");
    }

    @ParameterizedTest
    @CsvSource({"300000, 5 min", "3600000, 1 h", "5400000, 90 min", "90000, 90 s", "2592000000, 30 d", "1500, 1500 ms"})
    void window_isSaidAsWritten(long millis, String words) {
        assertThat(Quantity.window(millis)).isEqualTo(words);
    }
}
