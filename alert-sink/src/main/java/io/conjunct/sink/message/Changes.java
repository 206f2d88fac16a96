// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What changed before an alert: the last one of tier {@code annotate} (a deploy, a new version) that began at most
 * {@value #MINUTES} minutes before it and is about the same thing, which is that some of its labels are the alert's too
 * and none contradicts; where there is none, the last one of the same owner. Remembers the last {@value #MAX}. Safe for
 * several threads.
 */
public final class Changes {
    static final int MAX = 1_000;
    private static final int MINUTES = 60;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

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

    /** The last change in words: {@code checkout is on 1.4.2, since 20:51 UTC, 12 min before}; empty without one. */
    public synchronized Optional<String> before(Alert alert) {
        return last(alert, change -> isAbout(change.labels(), alert.labels()))
                .or(() -> last(
                        alert,
                        change -> !change.owner().isEmpty() && change.owner().equals(alert.owner())))
                .map(change -> words(change, alert));
    }

    private Optional<Alert> last(Alert alert, Predicate<Alert> concerns) {
        for (Iterator<Alert> newest = changes.descendingIterator(); newest.hasNext(); ) {
            Alert change = newest.next();
            long before = alert.startsAtMillis() - change.startsAtMillis();
            if (before >= 0 && before <= Duration.ofMinutes(MINUTES).toMillis() && concerns.test(change)) {
                return Optional.of(change);
            }
        }
        return Optional.empty();
    }

    private static boolean isAbout(Map<String, String> change, Map<String, String> alert) {
        Set<String> common = new HashSet<>(change.keySet());
        common.retainAll(alert.keySet());
        return !common.isEmpty()
                && common.stream().allMatch(label -> Objects.equals(change.get(label), alert.get(label)));
    }

    private static String words(Alert change, Alert alert) {
        String summary =
                change.annotations().getOrDefault("summary", change.name()).strip();
        double seconds = (alert.startsAtMillis() - change.startsAtMillis()) / 1_000.0;
        return summary + ", since " + TIME.format(Instant.ofEpochMilli(change.startsAtMillis())) + " UTC, "
                + new Quantity(seconds, "s", false) + " before";
    }
}
