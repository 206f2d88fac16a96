// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * What changed before an alert: the last one of tier {@code annotate} (a deploy, a new version) of the same owner, or
 * whose labels are all the alert's too, at most {@value #MINUTES} minutes before it began. Remembers the last
 * {@value #MAX}. Safe for several threads.
 */
public final class Changes {
    static final int MAX = 1_000;
    private static final int MINUTES = 60;

    private final Deque<Alert> changes = new ArrayDeque<>();

    /** A value of the alerts topic; what is no alert is passed over. */
    public synchronized void alert(String json) {
        try {
            Alert alert = AlertJson.read(json);
            if (alert.tier() == Tier.ANNOTATE && alert.state() == State.FIRING && !alert.shadow()) {
                changes.addLast(alert);
                if (changes.size() > MAX) {
                    changes.removeFirst();
                }
            }
        } catch (IOException e) {
            // The loop counts it: it reads the same topic.
            return;
        }
    }

    /** The last change in words: {@code checkout 1.4.2 is out, 12 min before}; empty when there was none. */
    public synchronized Optional<String> before(Alert alert) {
        for (Iterator<Alert> newest = changes.descendingIterator(); newest.hasNext(); ) {
            Alert change = newest.next();
            long before = alert.startsAtMillis() - change.startsAtMillis();
            boolean lately =
                    before >= 0 && before <= Duration.ofMinutes(MINUTES).toMillis();
            if (lately && concerns(change, alert)) {
                String summary = change.annotations().getOrDefault("summary", change.name());
                return Optional.of(summary.strip() + ", " + new Quantity(before / 1_000.0, "s", false) + " before");
            }
        }
        return Optional.empty();
    }

    private static boolean concerns(Alert change, Alert alert) {
        boolean labels = !change.labels().isEmpty()
                && alert.labels().entrySet().containsAll(change.labels().entrySet());
        return labels || (!change.owner().isEmpty() && change.owner().equals(alert.owner()));
    }
}
