// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** S14: hours are what the clocks of their zone show, on the two days on which these are changed, too. */
class HoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Hours daily(String from, String to) {
        return new Hours(EnumSet.allOf(DayOfWeek.class), LocalTime.parse(from), LocalTime.parse(to), BERLIN);
    }

    /** Minutes of a day in UTC, from 22:00 of the day before, that lie in the hours: the first and how many. */
    private static String covered(Hours hours, String day) {
        long start = Instant.parse(day + "T00:00:00Z").minusSeconds(7_200).toEpochMilli();
        long first = -1;
        long count = 0;
        for (long minute = 0; minute < 24 * 60; minute++) {
            if (hours.endAt(start + minute * 60_000).isPresent()) {
                first = first < 0 ? minute : first;
                count++;
            }
        }
        return first < 0
                ? "none"
                : Instant.ofEpochMilli(start + first * 60_000).toString().substring(11, 16) + "+" + count;
    }

    @Test
    void ordinaryDays_followTheOffsetOfTheSeason() {
        assertThat(covered(daily("02:00", "05:00"), "2026-01-15")).isEqualTo("01:00+180");
        assertThat(covered(daily("02:00", "05:00"), "2026-07-15")).isEqualTo("00:00+180");
    }

    @Test
    void hourThatIsLeftOut_isNotMuted() {
        // 2026-03-29: at 01:00 UTC the clocks go from 02:00 to 03:00.
        assertThat(covered(daily("02:00", "03:00"), "2026-03-29")).isEqualTo("none");
        assertThat(covered(daily("02:30", "04:00"), "2026-03-29")).isEqualTo("01:00+60");
        assertThat(covered(daily("01:30", "03:30"), "2026-03-29")).isEqualTo("00:30+60");
        assertThat(covered(daily("01:30", "02:30"), "2026-03-29")).isEqualTo("00:30+30");
    }

    @Test
    void hourThatComesTwice_isMutedTwice() {
        // 2026-10-25: at 01:00 UTC the clocks go from 03:00 to 02:00.
        assertThat(covered(daily("02:00", "03:00"), "2026-10-25")).isEqualTo("00:00+120");
        assertThat(covered(daily("02:30", "02:45"), "2026-10-25")).isEqualTo("00:30+75");
        assertThat(covered(daily("01:00", "04:00"), "2026-10-25")).isEqualTo("23:00+240");
    }

    @Test
    void nightlyHours_belongToTheDayOnWhichTheyBegin() {
        Hours friday = new Hours(Set.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("UTC"));
        long saturday = Instant.parse("2026-01-10T05:59:00Z").toEpochMilli();
        assertThat(friday.endAt(saturday))
                .isEqualTo(OptionalLong.of(Instant.parse("2026-01-10T06:00:00Z").toEpochMilli()));
        assertThat(friday.endAt(saturday + 60_000)).isEmpty();
        assertThat(friday.endAt(Instant.parse("2026-01-10T22:30:00Z").toEpochMilli()))
                .isEmpty();
        assertThat(friday.endAt(Instant.parse("2026-01-09T21:59:00Z").toEpochMilli()))
                .isEmpty();
    }
}
