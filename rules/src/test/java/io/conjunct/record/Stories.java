// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Pages and verdicts to judge. */
final class Stories {
    static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    static final long HOUR = 3_600_000;
    static final long DAY = 24 * HOUR;
    static final Cost COST = Cost.in(ZoneId.of("UTC"));

    final List<Page> pages = new ArrayList<>();
    final List<Verdict> verdicts = new ArrayList<>();
    final List<MissedIncident> missed = new ArrayList<>();

    static Page page(String rule, String episode, long atMillis) {
        return Page.of(episode, rule + "{service=docs}", rule, "r1", "team", atMillis);
    }

    static Page shadow(Page page) {
        return new Page(
                page.episode(),
                page.alert(),
                page.rule(),
                page.revision(),
                page.owner(),
                false,
                page.startMillis(),
                page.atMillis(),
                page.ackMillis(),
                page.endMillis(),
                page.people(),
                page.incident());
    }

    /** Taken after and over after so many minutes. */
    static Page worked(Page page, int ackMinutes, int endMinutes, int people) {
        return new Page(
                page.episode(),
                page.alert(),
                page.rule(),
                page.revision(),
                page.owner(),
                page.told(),
                page.startMillis(),
                page.atMillis(),
                OptionalLong.of(page.atMillis() + ackMinutes * 60_000L),
                OptionalLong.of(page.atMillis() + endMinutes * 60_000L),
                people,
                page.incident());
    }

    static Page inIncident(Page page, String incident, String revision) {
        return new Page(
                page.episode(),
                page.alert(),
                page.rule(),
                revision,
                page.owner(),
                page.told(),
                page.startMillis(),
                page.atMillis(),
                page.ackMillis(),
                page.endMillis(),
                page.people(),
                Optional.of(incident));
    }

    static Verdict said(String episode, Verdict.Kind kind, long atMillis) {
        return Verdict.said(episode, kind, "", "ada", atMillis, Verdict.Source.COMMAND);
    }

    /** Noise that took so many minutes of work. */
    static Verdict worked(String episode, int minutes, long atMillis) {
        return new Verdict(
                episode,
                Verdict.Kind.NOISE,
                "",
                false,
                "ada",
                atMillis,
                Verdict.Source.COMMAND,
                1,
                "",
                Optional.of(Duration.ofMinutes(minutes)));
    }

    static Verdict repeats(String episode, String of, long atMillis) {
        return Verdict.said(episode, Verdict.Kind.DUPLICATE, of, "ada", atMillis, Verdict.Source.COMMAND);
    }

    /** One page every second hour, the last ones real; each judged ten minutes later. */
    Stories rule(String rule, int real, int judged) {
        for (int i = 0; i < judged; i++) {
            long at = NOW - (judged - i) * (2 * HOUR);
            pages.add(page(rule, rule + i, at));
            Verdict.Kind kind = i < judged - real ? Verdict.Kind.NOISE : Verdict.Kind.INCIDENT;
            verdicts.add(said(rule + i, kind, at + 600_000));
        }
        return this;
    }

    /** Another rule told of the same incidents. */
    Stories toldAlsoBy(String other, String rule) {
        for (Page page : List.copyOf(pages)) {
            if (page.rule().equals(rule)) {
                String episode = other + page.episode();
                pages.add(page(other, episode, page.atMillis() + 60_000));
                verdicts.add(repeats(episode, page.episode(), page.atMillis() + 120_000));
            }
        }
        return this;
    }

    Ledger ledger() {
        return new Ledger(pages, verdicts, missed, List.of(), COST);
    }

    Ledger shuffled(long seed) {
        Random random = new Random(seed);
        List<Page> somePages = new ArrayList<>(pages);
        List<Verdict> someVerdicts = new ArrayList<>(verdicts);
        Collections.shuffle(somePages, random);
        Collections.shuffle(someVerdicts, random);
        return new Ledger(somePages, someVerdicts, missed, List.of(), COST);
    }

    TrackRecord record(String rule) {
        return ledger().record(rule, NOW, 28);
    }
}
