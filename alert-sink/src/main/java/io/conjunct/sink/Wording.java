// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Leg;
import io.conjunct.sink.message.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * What the sink knows and the rule does not, added to an alert as annotations: {@value #LATE} when it is told more than a
 * minute after it happened, with all the times, {@value #RECORD}, what the rule's pages were worth so far,
 * {@value Message#CHANGE}, what changed before it, and for each leg {@value Message#TREND} and its number, a spark line.
 */
final class Wording {
    static final String LATE = "late";
    static final String RECORD = "track_record";

    private static final Duration LATE_AFTER = Duration.ofMinutes(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What is known about a rule's pages. */
    @FunctionalInterface
    interface Records {
        /** One short sentence; empty when nothing is known. */
        Optional<String> of(Alert alert);
    }

    /** What is known of the last hour. */
    interface Recent {
        /** A leg's values as a spark line; empty when they are not known. */
        Optional<String> trend(Alert alert, Leg leg);

        /** What changed before the alert; empty when nothing is known to have. */
        Optional<String> change(Alert alert);
    }

    private static final Recent NOTHING = new Recent() {
        @Override
        public Optional<String> trend(Alert alert, Leg leg) {
            return Optional.empty();
        }

        @Override
        public Optional<String> change(Alert alert) {
            return Optional.empty();
        }
    };

    private final InstantSource clock;
    private final Records records;
    private final Recent recent;

    Wording(InstantSource clock, Records records) {
        this(clock, records, NOTHING);
    }

    Wording(InstantSource clock, Records records, Recent recent) {
        this.clock = clock;
        this.records = records;
        this.recent = recent;
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
        told = with(told, RECORD, records.of(alert));
        told = with(told, Message.CHANGE, recent.change(alert));
        for (int i = 0; i < alert.legs().size(); i++) {
            told = with(
                    told,
                    Message.TREND + (i + 1),
                    recent.trend(alert, alert.legs().get(i)));
        }
        return told;
    }

    private static Alert with(Alert alert, String annotation, Optional<String> text) {
        return text.isPresent() ? alert.withAnnotation(annotation, text.get()) : alert;
    }
}
