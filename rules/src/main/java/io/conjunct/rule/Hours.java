// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A part of the day on some days of the week, as the clocks of a time zone show it. Where they are put forward the hours
 * that do not exist are left out; where they are put back the hour that comes twice counts twice.
 *
 * @param days on which it begins
 * @param from first minute
 * @param to end; not after {@code from} when it ends on the next day
 */
public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    public Hours {
        days = Set.copyOf(days);
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(zone, "zone");
        if (from.equals(to)) {
            throw new IllegalArgumentException("from and to: " + from + " (expected: different times)");
        }
    }

    /** When the hours that an instant lies in end, Unix milliseconds; empty when it lies in none. */
    public OptionalLong endAt(long millis) {
        LocalDate today = Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
        for (LocalDate day : new LocalDate[] {today.minusDays(1), today}) {
            if (days.contains(day.getDayOfWeek())) {
                long start = instant(day.atTime(from), false);
                long end = instant((to.isAfter(from) ? day : day.plusDays(1)).atTime(to), true);
                if (start <= millis && millis < end) {
                    return OptionalLong.of(end);
                }
            }
        }
        return OptionalLong.empty();
    }

    /** The first or last instant at which the clocks show this time; in a gap the instant of the change. */
    private long instant(LocalDateTime local, boolean last) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        if (change != null && change.isGap()) {
            return change.toEpochSecond() * 1_000;
        }
        ZonedDateTime time = local.atZone(zone);
        return (last ? time.withLaterOffsetAtOverlap() : time.withEarlierOffsetAtOverlap())
                .toInstant()
                .toEpochMilli();
    }
}
