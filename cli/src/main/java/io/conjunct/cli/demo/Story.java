// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The story that {@code conjunct demo} tells, and the judge of whether it went as told: a slow service with a cold cache
 * pages nobody; the same slowness with a warm cache pages once, and resolves. Takes 80 to 100 s, at most 4 minutes.
 */
final class Story {
    /** Where alert transitions come from; waits a moment for the first. */
    @FunctionalInterface
    interface Alerts {
        List<Alert> poll(Duration wait) throws IOException;
    }

    /** What happened. */
    record Result(int pages, int slowStretches, List<String> deviations) {
        Result {
            deviations = List.copyOf(deviations);
        }

        boolean asTold() {
            return deviations.isEmpty();
        }
    }

    private static final Duration LOOK = Duration.ofMillis(500);

    private final Service service;
    private final SignalReadings readings;
    private final Alerts alerts;
    private final Narrator narrator;
    private final Supplier<Duration> clock;

    private final List<String> deviations = new ArrayList<>();
    private int pages;
    private int resolutions;
    private boolean firing;
    private int slowStretches;
    private Duration slowSince = Duration.ZERO;
    private boolean slow;
    private boolean slowCounted;

    Story(Service service, SignalReadings readings, Alerts alerts, Narrator narrator, Supplier<Duration> clock) {
        this.service = service;
        this.readings = readings;
        this.alerts = alerts;
        this.narrator = narrator;
        this.clock = clock;
    }

    /** Tells it once. */
    Result tell() throws IOException {
        healthy();
        weather();
        calm();
        incident();
        recovery();
        return new Result(pages, slowStretches, deviations);
    }

    private void healthy() throws IOException {
        service.mode(Mode.HEALTHY);
        narrator.chapter("Healthy", "The cache answers 95 of 100 requests. The windows fill.");
        if (!watch(8, 40, () -> latency().isPresent() && hitRatio().isPresent())) {
            deviations.add("the signals had no value after 40 s: no spans arrived, or they were not measured");
        }
        expectPages(0, "while the service was healthy");
    }

    private void weather() throws IOException {
        service.mode(Mode.COLD_CACHE);
        narrator.chapter(
                "The cache restarts, empty",
                "Most requests go to the database now, and are slow. An alert on latency alone would page somebody for"
                        + " what heals by itself.");
        int before = slowStretches;
        watch(20, 20, () -> false);
        if (slowStretches == before) {
            deviations.add("the cold cache did not make the service slow for " + DemoRules.FOR.toSeconds() + " s");
        }
        if (expectPages(0, "during the weather")) {
            narrator.remark(narrator.good("Only one leg held for long: weather. Nobody was paged."));
        }
    }

    private void calm() throws IOException {
        service.mode(Mode.HEALTHY);
        narrator.chapter("The cache has filled again", "Fast again, without anybody's help.");
        watch(16, 40, () -> !latencyHolds() && hitRatio().orElse(0) > 0.9);
        expectPages(0, "while the cache filled");
    }

    private void incident() throws IOException {
        service.mode(Mode.SLOW_CACHE);
        narrator.chapter(
                "The cache is full, and slow",
                "The same latency as before, but now the cache has what is asked for: it is the cache itself. This does"
                        + " not heal by itself.");
        watch(0, 45, () -> firing);
        // The receiver's message comes a moment after the decision.
        watch(3, 3, () -> false);
        expectPages(1, "while the cache was slow");
    }

    private void recovery() throws IOException {
        service.mode(Mode.HEALTHY);
        narrator.chapter("Somebody fixes the cache", "The page should resolve by itself.");
        if (!watch(0, 60, () -> resolutions > 0)) {
            deviations.add("the page did not resolve within 60 s");
        }
        watch(3, 3, () -> false);
        expectPages(1, "in all");
    }

    private boolean expectPages(int expected, String when) {
        if (pages == expected) {
            return true;
        }
        deviations.add(pages + " pages " + when + " (expected: " + expected + ")");
        return false;
    }

    /** Looks on for a while: at least so long, then until the condition holds, at most so long. Tells whether it held. */
    private boolean watch(long atLeastSeconds, long atMostSeconds, BooleanSupplier done) throws IOException {
        Duration begin = clock.get();
        while (true) {
            look();
            Duration passed = clock.get().minus(begin);
            if (passed.toSeconds() >= atLeastSeconds && done.getAsBoolean()) {
                return true;
            }
            if (passed.toSeconds() >= atMostSeconds) {
                return false;
            }
            if (!service.alive()) {
                throw new IOException("the demonstration's service ended; its log says why");
            }
        }
    }

    private void look() throws IOException {
        for (Alert alert : alerts.poll(LOOK)) {
            if (alert.tier() != Tier.PAGE) {
                continue;
            }
            if (alert.state() == State.FIRING) {
                pages++;
                firing = true;
            } else if (alert.state() == State.RESOLVED) {
                resolutions++;
                firing = false;
            }
        }
        countSlowStretches();
        narrator.reading(latency(), hitRatio(), meaning());
    }

    /** What an alert on latency alone, with the same patience, would have paged. */
    private void countSlowStretches() {
        boolean now = latencyHolds();
        if (now && !slow) {
            slowSince = clock.get();
            slowCounted = false;
        }
        slow = now;
        if (slow && !slowCounted && clock.get().minus(slowSince).compareTo(DemoRules.FOR) >= 0) {
            slowCounted = true;
            slowStretches++;
        }
    }

    private String meaning() {
        if (latency().isEmpty() || hitRatio().isEmpty()) {
            return "not enough requests yet";
        }
        if (firing) {
            return latencyHolds() ? "both hold: paged" : "no longer slow";
        }
        if (latencyHolds()) {
            return hitRatioHolds() ? "both hold: a page after 8 s" : "slow, cache cold: weather";
        }
        return hitRatioHolds() ? "fast, cache warm" : "fast, cache still filling";
    }

    private OptionalDouble latency() {
        return readings.value(DemoRules.LATENCY);
    }

    private OptionalDouble hitRatio() {
        return readings.value(DemoRules.HIT_RATIO);
    }

    private boolean latencyHolds() {
        return latency().orElse(0) > DemoRules.LATENCY_ABOVE_SECONDS;
    }

    private boolean hitRatioHolds() {
        return hitRatio().orElse(0) > DemoRules.HIT_RATIO_ABOVE;
    }
}
