// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.rule.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When the events of one line happen, in milliseconds from the start.
 *
 * @param at single instants; empty when it is {@code every}
 * @param every distance of two instants
 * @param span from the first instant to behind the last
 * @param burst events at each instant
 * @param jitter each event comes up to this much later, at random
 * @param dropOut no event happens in these
 */
record Schedule(List<Long> at, long every, Interval span, int burst, long jitter, List<Interval> dropOut) {
    static final List<String> KEYS = List.of("at", "every", "from", "to", "burst", "jitter", "drop_out");

    private static final int MAX_BURST = 100_000;

    /** Reads the keys of {@link #KEYS}. */
    static Optional<Schedule> read(Section section) {
        int errors = section.findings.errors();
        int burst = (int) section.whole("burst", 1, MAX_BURST, 1);
        long jitter = section.millis("jitter", 0);
        List<Interval> dropOut = section.node("drop_out")
                .map(n -> Interval.read(n, "`drop_out`", section.findings))
                .orElse(List.of());
        List<Long> at = new ArrayList<>();
        section.node("at")
                .ifPresent(n -> Section.scalars(n, section.findings)
                        .forEach(s -> Durations.read(s, section.findings)
                                .map(Duration::toMillis)
                                .ifPresent(at::add)));
        long every = section.millis("every", 0);
        if (section.has("at") == section.has("every")) {
            section.findings.error(
                    "given/when",
                    section.place(),
                    "when does this happen? `at` or `every` says it",
                    "write `at: 5m`, or `every: 10s, from: 0m, to: 1h`");
        }
        for (String key : List.of("from", "to")) {
            if (section.has("at") && section.has(key)) {
                section.wrong(key, "`" + key + "` means nothing with `at`", "write `every`, or remove it");
            }
        }
        if (section.has("every")) {
            if (every < 1) {
                section.wrong("every", "`every` must be longer than nothing", "write 100ms or more");
            }
            if (!section.has("to")) {
                section.missing("to");
            }
            Optional<Interval> span = Interval.of(section);
            return span.filter(s -> section.findings.errors() == errors)
                    .map(s -> new Schedule(List.of(), every, s, burst, jitter, dropOut));
        }
        if (section.findings.errors() > errors) {
            return Optional.empty();
        }
        List<Long> sorted = at.stream().sorted().toList();
        Interval span = new Interval(sorted.get(0), sorted.get(sorted.size() - 1) + 1);
        return Optional.of(new Schedule(sorted, 0, span, burst, jitter, dropOut));
    }

    /** How many instants there are. */
    long instants() {
        return at.isEmpty() ? (span.to() - span.from() + every - 1) / every : at.size();
    }

    /** An instant, counted from 0. */
    long instant(long number) {
        return at.isEmpty() ? span.from() + number * every : at.get((int) number);
    }

    boolean drops(long millis) {
        return dropOut.stream().anyMatch(d -> d.contains(millis));
    }

    /** How far between the first and the last instant this one is: 0 to 1. */
    double progress(long millis) {
        long length = instant(instants() - 1) - span.from();
        return length == 0 ? 0 : (millis - span.from()) / (double) length;
    }
}
