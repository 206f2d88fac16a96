// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import io.conjunct.check.Spelling;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one entry of {@code mutes} or {@code silences}. What the schema has refused is skipped in silence. */
final class MuteReader {
    private static final String TIME = "mute/time";

    private final Node.Table table;
    private final Findings findings;

    private MuteReader(Node.Table table, Findings findings) {
        this.table = table;
        this.findings = findings;
    }

    /** The mute, or empty when some part of it was refused. */
    static Optional<MuteDraft> read(Node node, Findings findings) {
        if (!(node instanceof Node.Table table)) {
            return Optional.empty();
        }
        int before = findings.errors();
        return new MuteReader(table, findings).read().filter(mute -> findings.errors() == before);
    }

    private Optional<MuteDraft> read() {
        Optional<Node.Scalar> name = table.scalar("name");
        OptionalLong from = time("from", false);
        OptionalLong expires = time("expires", true);
        Optional<Hours> hours = table.table("hours").flatMap(this::hours);
        if (name.isEmpty() || expires.isEmpty()) {
            return Optional.empty();
        }
        if (from.isPresent() && from.getAsLong() >= expires.getAsLong()) {
            findings.error(TIME, table.placeOf("expires"), "it expires before it begins", "write a later time");
        }
        Mute mute = new Mute(
                name.get().text(),
                required("owner"),
                required("reason"),
                from.orElse(Long.MIN_VALUE),
                expires.getAsLong(),
                hours,
                table.sequence("rules")
                        .map(r -> r.scalars().stream().map(Node.Scalar::text).toList())
                        .orElse(List.of()),
                table.table("labels")
                        .map(l -> SelectorReader.matchers(l, findings))
                        .orElse(List.of()));
        return Optional.of(new MuteDraft(mute, name.get(), table));
    }

    /** The schema reports a missing one; a blank one is as good as missing. */
    private String required(String key) {
        Optional<Node.Scalar> written = table.scalar(key);
        written.filter(w -> w.text().isBlank())
                .ifPresent(w -> findings.error(
                        "value/empty", w.place(), "`" + key + "` is empty", "say who answers for it, and why"));
        return written.map(w -> w.text().strip()).orElse("");
    }

    /** A day in UTC, or an instant with its offset. */
    private OptionalLong time(String key, boolean endOfDay) {
        Optional<Node.Scalar> written = table.scalar(key);
        if (written.isEmpty()) {
            return OptionalLong.empty();
        }
        String text = written.get().text().strip();
        try {
            if (text.length() <= 10) {
                LocalDate day = LocalDate.parse(text);
                return OptionalLong.of((endOfDay ? day.plusDays(1) : day)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli());
            }
            return OptionalLong.of(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            findings.error(
                    TIME,
                    written.get().place(),
                    "`" + text + "` is no time",
                    "write a day, as in 2027-03-31, or an instant with its offset, as in 2027-03-31T18:00:00+02:00");
            return OptionalLong.empty();
        }
    }

    private Optional<Hours> hours(Node.Table hours) {
        Optional<LocalTime> from = clock(hours, "from");
        Optional<LocalTime> to = clock(hours, "to");
        Optional<ZoneId> zone = hours.scalar("zone").flatMap(this::zone);
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        hours.sequence("days").map(Node.Sequence::scalars).orElse(List.of()).forEach(day -> {
            for (DayOfWeek each : DayOfWeek.values()) {
                if (each.name().toLowerCase(Locale.ROOT).startsWith(day.text())
                        && day.text().length() == 3) {
                    days.add(each);
                }
            }
        });
        if (hours.get("days").isEmpty()) {
            days.addAll(EnumSet.allOf(DayOfWeek.class));
        }
        if (from.isEmpty() || to.isEmpty() || zone.isEmpty()) {
            return Optional.empty();
        }
        if (from.equals(to)) {
            findings.error(
                    TIME,
                    hours.placeOf("to"),
                    "these hours end where they begin",
                    "write another time, or remove `hours` to mute all day");
            return Optional.empty();
        }
        return Optional.of(new Hours(days, from.get(), to.get(), zone.get()));
    }

    private Optional<LocalTime> clock(Node.Table hours, String key) {
        return hours.scalar(key).flatMap(written -> {
            try {
                String text = written.text().strip();
                return Optional.of(LocalTime.parse(text.length() == 4 ? "0" + text : text));
            } catch (DateTimeParseException e) {
                findings.error(
                        TIME,
                        written.place(),
                        "`" + written.text() + "` is no time of the day",
                        "write hours and minutes, as in \"22:00\"");
                return Optional.empty();
            }
        });
    }

    private Optional<ZoneId> zone(Node.Scalar written) {
        try {
            return Optional.of(ZoneId.of(written.text().strip()));
        } catch (DateTimeException e) {
            findings.error(
                    TIME,
                    written.place(),
                    "`" + written.text() + "` is no time zone",
                    Spelling.nearest(written.text(), ZoneId.getAvailableZoneIds())
                            .map(n -> "did you mean `" + n + "`?")
                            .orElse("write a zone such as Europe/Berlin or UTC"));
            return Optional.empty();
        }
    }
}
