// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.history.History;
import java.util.ArrayList;
import java.util.List;

/** What a reader should know before believing a report. */
final class Notes {
    private Notes() {}

    static List<String> of(History history, Stretch stretch, List<Incident> all, List<Incident> inside) {
        List<String> notes = new ArrayList<>(history.notes());
        if (all.isEmpty()) {
            notes.add("no incidents were given: pages can be counted, not judged");
        } else if (inside.size() < all.size()) {
            notes.add((all.size() - inside.size()) + " of " + all.size()
                    + " incidents start outside the recorded time and do not count");
        }
        if (!stretch.damage().isNone()) {
            notes.add("the recording is damaged: " + stretch.damage().describe());
        }
        if (stretch.unreadable() > 0) {
            notes.add(Words.count(stretch.unreadable()) + " batches could not be read");
        }
        if (stretch.tooLate() > 0) {
            notes.add(Words.count(stretch.tooLate())
                    + " events came too late or too early to be measured, as they would live");
        }
        return notes;
    }
}
