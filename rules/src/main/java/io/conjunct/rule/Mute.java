// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.signal.Matcher;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A time in which some alerts are recorded and not delivered: a {@code mutes} entry of a group, or a silence. Decided in
 * event time, so that a replay decides the same. What is muted is an alert, never a leg: the evaluation does not change.
 *
 * @param owner who answers for it
 * @param reason shown with all that is muted
 * @param fromMillis when it begins, Unix milliseconds; {@link Long#MIN_VALUE} for a mute without a beginning
 * @param expiresMillis when it ends for good
 * @param hours the only hours in which it mutes; empty for all
 * @param rules names of the rules it is about; empty for all of its group, or of all groups
 * @param labels what the alert's labels must be. An alert without the label is never muted
 */
public record Mute(
        String name,
        String owner,
        String reason,
        long fromMillis,
        long expiresMillis,
        Optional<Hours> hours,
        List<String> rules,
        List<Matcher> labels) {
    public Mute {
        requireNonNull(name, "name");
        requireNonNull(owner, "owner");
        requireNonNull(reason, "reason");
        requireNonNull(hours, "hours");
        rules = List.copyOf(rules);
        labels = List.copyOf(labels);
    }

    /** Whether it is about alerts of this rule at all. */
    public boolean concerns(String rule) {
        return rules.isEmpty() || rules.contains(rule);
    }

    /** Until when it mutes, at an instant in which it does, Unix milliseconds. */
    public OptionalLong untilAt(long millis) {
        if (millis < fromMillis || millis >= expiresMillis) {
            return OptionalLong.empty();
        }
        if (hours.isEmpty()) {
            return OptionalLong.of(expiresMillis);
        }
        OptionalLong end = hours.get().endAt(millis);
        return end.isEmpty() ? end : OptionalLong.of(Math.min(end.getAsLong(), expiresMillis));
    }
}
