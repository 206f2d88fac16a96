// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * What the sink knows and the rule does not, added to an alert as annotations: {@value #LATE} when it is told more than
 * five minutes after it happened, with all the times, and {@value #RECORD}, what the rule's pages were worth so far.
 */
final class Wording {
    static final String LATE = "late";
    static final String RECORD = "track_record";

    private static final Duration LATE_AFTER = Duration.ofMinutes(5);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What is known about a rule's pages. */
    @FunctionalInterface
    interface Records {
        /** One short sentence; empty when nothing is known. */
        Optional<String> of(Alert alert);
    }

    private final InstantSource clock;
    private final Records records;

    Wording(InstantSource clock, Records records) {
        this.clock = clock;
        this.records = records;
    }

    /**
     * The alert in the words the receiver gets.
     *
     * @param resolve the end of the episode, when it is known already
     */
    Alert of(Alert alert, Optional<Alert> resolve) {
        Alert told = alert;
        Instant now = clock.instant();
        Instant happened = Instant.ofEpochMilli(alert.atMillis());
        if (Duration.between(happened, now).compareTo(LATE_AFTER) > 0) {
            StringBuilder words = new StringBuilder();
            if (alert.state() == Alert.State.FIRING) {
                words.append("fired ").append(TIME.format(happened));
                resolve.ifPresent(
                        end -> words.append(", resolved ").append(TIME.format(Instant.ofEpochMilli(end.atMillis()))));
            } else {
                words.append("resolved ").append(TIME.format(happened));
            }
            words.append(", delivered ").append(TIME.format(now)).append(" UTC");
            told = told.withAnnotation(LATE, words.toString());
        }
        Optional<String> record = records.of(alert);
        return record.isPresent() ? told.withAnnotation(RECORD, record.get()) : told;
    }
}
