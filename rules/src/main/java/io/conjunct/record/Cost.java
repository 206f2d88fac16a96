// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a page costs: the time people worked on it, at most {@code cap} each, and the change of context, dearer at night,
 * which is 22 to 8 o'clock as PagerDuty counts it. Work that a person stated is taken as stated.
 *
 * @param zone where the people on call live
 * @param cap the most work one page is charged
 * @param change of context by day
 * @param changeAtNight of context by night
 */
public record Cost(ZoneId zone, Duration cap, Duration change, Duration changeAtNight) {
    private static final LocalTime NIGHT = LocalTime.of(22, 0);
    private static final LocalTime MORNING = LocalTime.of(8, 0);

    /** Two hours, 15 and 25 minutes. */
    public static Cost in(ZoneId zone) {
        return new Cost(zone, Duration.ofHours(2), Duration.ofMinutes(15), Duration.ofMinutes(25));
    }

    /**
     * In hours of engineers.
     *
     * @param stated the work as a person stated it, which no cap limits
     */
    double hours(Page page, Optional<Duration> stated) {
        long worked = 0;
        if (stated.isPresent()) {
            worked = stated.get().toMillis();
        } else if (page.ackMillis().isPresent() && page.endMillis().isPresent()) {
            long each = page.endMillis().getAsLong() - page.ackMillis().getAsLong();
            worked = page.people() * Math.min(cap.toMillis(), Math.max(0, each));
        }
        return (worked + (atNight(page) ? changeAtNight : change).toMillis()) / 3_600_000.0;
    }

    /** Whether it was sent while people sleep. */
    public boolean atNight(Page page) {
        LocalTime time = Instant.ofEpochMilli(page.atMillis()).atZone(zone).toLocalTime();
        return !time.isBefore(NIGHT) || time.isBefore(MORNING);
    }
}
