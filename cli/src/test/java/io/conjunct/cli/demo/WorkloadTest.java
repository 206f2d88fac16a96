// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.cli.demo.Workload.Request;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each mode must be on its side of both thresholds with room to spare, or the story depends on luck. */
class WorkloadTest {
    private static final int REQUESTS = 20_000;

    @Test
    void healthy_isFastAndWarm() {
        assertThat(p99(Mode.HEALTHY)).isLessThan(250);
        assertThat(hitRatio(Mode.HEALTHY)).isGreaterThan(0.9);
    }

    @Test
    void coldCache_isSlowAndCold() {
        assertThat(p99(Mode.COLD_CACHE)).isGreaterThan(500);
        assertThat(hitRatio(Mode.COLD_CACHE)).isLessThan(0.2);
    }

    @Test
    void slowCache_isSlowAndWarm() {
        assertThat(p99(Mode.SLOW_CACHE)).isGreaterThan(500);
        assertThat(hitRatio(Mode.SLOW_CACHE)).isGreaterThan(0.9);
    }

    private static double p99(Mode mode) {
        return requests(mode).stream()
                .mapToDouble(Request::totalMillis)
                .sorted()
                .skip(REQUESTS * 99 / 100)
                .findFirst()
                .orElseThrow();
    }

    private static double hitRatio(Mode mode) {
        return requests(mode).stream().filter(Request::hit).count() / (double) REQUESTS;
    }

    private static List<Request> requests(Mode mode) {
        Workload workload = new Workload(42);
        return Stream.generate(() -> workload.next(mode)).limit(REQUESTS).toList();
    }
}
