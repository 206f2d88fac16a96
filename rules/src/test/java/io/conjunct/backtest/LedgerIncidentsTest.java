// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Page;
import io.conjunct.record.Verdict;
import io.conjunct.record.Verdict.Kind;
import io.conjunct.record.Verdict.Source;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What people said about pages is what a backtest is judged by. */
final class LedgerIncidentsTest {
    private static final long MINUTE = 60_000;

    private static Page page(String rule, String episode, long start, long end) {
        return new Page(
                episode,
                rule + "{}",
                rule,
                "r1",
                "team",
                true,
                start,
                start + MINUTE,
                OptionalLong.empty(),
                end == 0 ? OptionalLong.empty() : OptionalLong.of(end),
                1,
                Optional.empty());
    }

    private static Verdict verdict(String episode, Kind kind, String of) {
        return Verdict.said(episode, kind, of, "ada", 100 * MINUTE, Source.COMMAND);
    }

    @Test
    void confirmedPagesAndMissedIncidents_areTheIncidents() {
        Ledger ledger = new Ledger(
                List.of(
                        page("Slow", "a", 10 * MINUTE, 30 * MINUTE),
                        page("Faults", "b", 12 * MINUTE, 40 * MINUTE),
                        page("Slow", "c", 50 * MINUTE, 0),
                        page("Slow", "d", 60 * MINUTE, 65 * MINUTE),
                        page("Slow", "e", 70 * MINUTE, 75 * MINUTE)),
                List.of(
                        verdict("a", Kind.INCIDENT, ""),
                        verdict("b", Kind.DUPLICATE, "a"),
                        verdict("c", Kind.INCIDENT, ""),
                        verdict("d", Kind.NOISE, "")),
                List.of(new MissedIncident("INC-9", "Faults", 90 * MINUTE)),
                List.of(),
                Cost.in(ZoneOffset.UTC));
        List<Incident> incidents = LedgerIncidents.of(ledger);
        assertThat(incidents).extracting(Incident::id).containsExactly("a", "c", "INC-9");
        assertThat(incidents).extracting(Incident::startMillis).containsExactly(10 * MINUTE, 50 * MINUTE, 90 * MINUTE);
        assertThat(incidents).extracting(Incident::endMillis).containsExactly(40 * MINUTE, 51 * MINUTE, 120 * MINUTE);
        assertThat(incidents)
                .extracting(Incident::rules)
                .containsExactly(List.of("Faults", "Slow"), List.of("Slow"), List.of("Faults"));
    }
}
