// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.record.Confirmed;
import io.conjunct.record.Ledger;
import io.conjunct.record.MissedIncident;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Incidents from what people said about pages: one for every confirmed page or group of pages, and one for every incident
 * that was recorded as missed. It is the duty of the rules that told of it, or should have, to tell of it again. Of a
 * missed incident only the beginning is known; it counts for {@link #MISSED_LASTS}.
 */
public final class LedgerIncidents {
    static final Duration MISSED_LASTS = Duration.ofMinutes(30);

    private LedgerIncidents() {}

    public static List<Incident> of(Ledger ledger) {
        List<Incident> incidents = new ArrayList<>();
        for (Confirmed confirmed : ledger.confirmed()) {
            incidents.add(new Incident(
                    confirmed.incident(),
                    confirmed.startMillis(),
                    Math.max(confirmed.startMillis(), confirmed.endMillis()),
                    "",
                    new TreeMap<>(),
                    "",
                    List.copyOf(confirmed.rules())));
        }
        for (MissedIncident missed : ledger.missed()) {
            incidents.add(new Incident(
                    missed.id(),
                    missed.atMillis(),
                    missed.atMillis() + MISSED_LASTS.toMillis(),
                    "",
                    new TreeMap<>(),
                    "",
                    missed.rule().isEmpty() ? List.of() : List.of(missed.rule())));
        }
        return incidents;
    }
}
