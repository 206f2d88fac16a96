// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Tier;
import io.conjunct.signal.Fingerprint;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * When to tell a human, and how loudly.
 *
 * @param name the alert's name
 * @param when the condition
 * @param until the resolve condition; empty means NOT {@code when}
 * @param on join keys, sorted: each combination of their values is an alert of its own; empty for one alert
 * @param within a leg counts as held when it held at some tick of the last {@code within}; zero means now
 * @param holdFor how long {@code when} must hold before the alert fires ({@code for} in rule files)
 * @param tolerate while it holds that long, so many ticks may find {@code when} false
 * @param keepFiringFor how long the resolve condition must hold before the alert resolves
 * @param staleAfter after firing this long on unknown evidence one ticket "evidence lost" is raised
 * @param singleSignal the reason why one signal may page; empty when there is none
 * @param labels added to the alert's labels
 * @param annotations texts for humans; {@code {{ label }}} stands for a label's value
 * @param shadow evaluated and recorded, never delivered
 * @param demotable whether its track record alone may make its pages tickets ({@code demote: auto} in rule files)
 */
public record Rule(
        String name,
        Condition when,
        Optional<Condition> until,
        List<String> on,
        Duration within,
        Duration holdFor,
        int tolerate,
        Duration keepFiringFor,
        Duration staleAfter,
        Tier tier,
        String singleSignal,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        boolean shadow,
        boolean demotable) {

    public static final Duration DEFAULT_STALE_AFTER = Duration.ofMinutes(15);

    public Rule {
        requireNonNull(name, "name");
        requireNonNull(when, "when");
        requireNonNull(until, "until");
        on = on.stream().sorted().toList();
        requireNonNull(within, "within");
        requireNonNull(holdFor, "holdFor");
        if (tolerate < 0) {
            throw new IllegalArgumentException("tolerate: " + tolerate + " (expected: 0 or more)");
        }
        requireNonNull(keepFiringFor, "keepFiringFor");
        requireNonNull(staleAfter, "staleAfter");
        requireNonNull(tier, "tier");
        requireNonNull(singleSignal, "singleSignal");
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }

    /** A rule that only people demote. */
    public Rule(
            String name,
            Condition when,
            Optional<Condition> until,
            List<String> on,
            Duration within,
            Duration holdFor,
            int tolerate,
            Duration keepFiringFor,
            Duration staleAfter,
            Tier tier,
            String singleSignal,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            boolean shadow) {
        this(
                name,
                when,
                until,
                on,
                within,
                holdFor,
                tolerate,
                keepFiringFor,
                staleAfter,
                tier,
                singleSignal,
                labels,
                annotations,
                shadow,
                false);
    }

    /**
     * Identity of all that decides and of what names an alert: a rule whose fingerprint is unchanged keeps its state over a
     * reload. With other labels an alert is another one; kept, it could not be resolved under the name it fired with.
     */
    public String fingerprint() {
        return Fingerprint.of(name + when + until + on + within + holdFor + tolerate + keepFiringFor + labels);
    }
}
