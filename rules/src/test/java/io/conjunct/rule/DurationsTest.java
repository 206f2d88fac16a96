// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "30s,30,30s",
        "5m,300,5m",
        "1h30m,5400,1h30m",
        "90m,5400,1h30m",
        "7d,604800,7d",
        "1w,604800,7d",
        "1y,31536000,365d",
        "0s,0,0s"
    })
    void duration_isReadAndWritten(String text, long seconds, String written) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(Durations.format(Duration.ofSeconds(seconds))).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "5 minutes,write 5m",
        "10min,write 10m",
        "2 hours,write 2h",
        "10,write the unit: 10s or 10m",
        "forever,'write it like 30s, 5m, 1h30m or 7d'",
        "30m1h,'write it like 30s, 5m, 1h30m or 7d'",
        "-5m,'write it like 30s, 5m, 1h30m or 7d'",
    })
    void otherTexts_areRefusedWithTheFix(String text, String fix) {
        Problem problem = catchThrowableOfType(Problem.class, () -> Durations.parse(text));
        assertThat(problem.fix).isEqualTo(fix);
    }
}
