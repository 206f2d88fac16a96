// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Compares firings with incidents. A page tells of an incident when it fires from {@code lead} before its start until
 * {@code lag} after its end, the rule is to tell of it, and no label contradicts.
 */
final class Judge {
    private final List<Incident> incidents;
    private final Duration lead;
    private final Duration lag;

    Judge(List<Incident> incidents, Duration lead, Duration lag) {
        this.incidents = incidents.stream()
                .sorted(Comparator.comparingLong(Incident::startMillis).thenComparing(Incident::id))
                .toList();
        this.lead = requireNonNull(lead, "lead");
        this.lag = requireNonNull(lag, "lag");
    }

    /** The same, looking only at incidents that start in [from, to). */
    Judge between(long fromMillis, long toMillis) {
        return new Judge(
                incidents.stream()
                        .filter(i -> i.startMillis() >= fromMillis && i.startMillis() < toMillis)
                        .toList(),
                lead,
                lag);
    }

    List<Incident> incidents() {
        return incidents;
    }

    /** A firing and the rule it is of. */
    record Told(Watch watch, Firing firing) {}

    Score of(Watch watch, List<Firing> firings, int evidenceLost) {
        return of(List.of(watch), firings.stream().map(f -> new Told(watch, f)).toList(), evidenceLost);
    }

    /** The score of several rules together: an incident is caught when one of them told of it. */
    Score of(List<Watch> watches, List<Told> told, int evidenceLost) {
        boolean[] matched = new boolean[told.size()];
        List<String> caught = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        List<Long> delays = new ArrayList<>();
        List<Long> resets = new ArrayList<>();
        for (Incident incident : incidents) {
            if (watches.stream().noneMatch(incident::concerns)) {
                continue;
            }
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            OptionalLong resolved = OptionalLong.empty();
            for (int i = 0; i < matched.length; i++) {
                Firing firing = told.get(i).firing();
                if (tells(told.get(i), incident)) {
                    matched[i] = true;
                    first = Math.min(first, firing.firedMillis());
                    if (firing.firedMillis() >= last) {
                        last = firing.firedMillis();
                        resolved = firing.resolvedMillis();
                    }
                }
            }
            if (first == Long.MAX_VALUE) {
                missed.add(incident.id());
                continue;
            }
            caught.add(incident.id());
            delays.add(first - incident.startMillis());
            resolved.ifPresent(end -> resets.add(end - incident.endMillis()));
        }
        int trues = 0;
        for (boolean m : matched) {
            trues += m ? 1 : 0;
        }
        delays.sort(null);
        resets.sort(null);
        int unresolved = (int)
                told.stream().filter(t -> t.firing().resolvedMillis().isEmpty()).count();
        return new Score(told.size(), trues, caught, missed, delays, resets, unresolved, evidenceLost);
    }

    private boolean tells(Told told, Incident incident) {
        long at = told.firing().firedMillis();
        return at >= incident.startMillis() - lead.toMillis()
                && at <= incident.endMillis() + lag.toMillis()
                && incident.concerns(told.watch())
                && incident.fits(told.firing().labels());
    }
}
