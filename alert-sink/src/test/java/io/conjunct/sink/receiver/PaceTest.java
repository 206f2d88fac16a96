// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void anyWindow_holdsNoMoreCallsThanAllowed() {
        Pace pace = new Pace(7, MINUTE);
        Random random = new Random(3);
        List<Instant> taken = new ArrayList<>();
        Instant now = Instant.EPOCH;
        for (int i = 0; i < 10_000; i++) {
            now = now.plusMillis(random.nextInt(9_000));
            if (pace.take(now).isZero()) {
                taken.add(now);
            }
        }
        for (int i = 7; i < taken.size(); i++) {
            assertThat(Duration.between(taken.get(i - 7), taken.get(i))).isGreaterThanOrEqualTo(MINUTE);
        }
    }

    @Test
    void wait_isAsLongAsToldAndNoLonger() {
        Pace pace = new Pace(1, MINUTE);
        Instant now = Instant.EPOCH;
        assertThat(pace.take(now)).isZero();
        assertThat(pace.take(now.plusSeconds(20))).isEqualTo(Duration.ofSeconds(40));
        assertThat(pace.take(now.plusSeconds(60))).isZero();
    }

    @Test
    void clock_setBack_doesNotStopTheCalls() {
        Pace pace = new Pace(1, MINUTE);
        assertThat(pace.take(Instant.EPOCH.plusSeconds(3_600))).isZero();
        assertThat(pace.take(Instant.EPOCH)).isZero();
    }
}
