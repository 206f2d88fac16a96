// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * What somebody, or something, said about one episode. The last explicit one holds; earlier ones stay in the topic.
 *
 * @param episode the alert's key, as every delivery shows it
 * @param kind what it was
 * @param of for a duplicate the episode it repeats; empty when that is not known, and for all others
 * @param major whether the incident was of the highest priorities
 * @param by a person or a system
 * @param atMillis when it was said, Unix milliseconds
 * @param source where it came in
 * @param weight from 0 to 1: how much it is to be believed; 1 for what a person said
 * @param note free words; may be empty
 * @param worked the work the page took, of all people together, as a person states it: at most {@value #MAX_DAYS} days
 */
public record Verdict(
        String episode,
        Kind kind,
        String of,
        boolean major,
        String by,
        long atMillis,
        Source source,
        double weight,
        String note,
        Optional<Duration> worked)
        implements Statement {
    /** The longest text of any member, in characters. */
    public static final int MAX_TEXT = 500;

    private static final int MAX_DAYS = 30;

    /** A total order: by time, then by content, so that the order of arrival does not matter. */
    static final Comparator<Verdict> ORDER = Comparator.comparingLong(Verdict::atMillis)
            .thenComparing(Verdict::episode)
            .thenComparing(Verdict::source)
            .thenComparing(Verdict::by)
            .thenComparing(Verdict::kind)
            .thenComparing(Verdict::of)
            .thenComparing(Verdict::note)
            .thenComparing(verdict -> verdict.worked().orElse(Duration.ZERO));

    /** What a page was. */
    public enum Kind {
        /** A real problem, worth waking somebody. */
        INCIDENT,
        /** Nothing that needed a person. */
        NOISE,
        /** A real problem that another page had told already. */
        DUPLICATE,
        /** A drill; counts nowhere. */
        TEST,
        /** Not known; takes an earlier verdict back. */
        UNKNOWN;

        /** The word commands and JSON use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(
                    "verdict: " + word + " (expected: incident, noise, duplicate, test or unknown)");
        }
    }

    /** Where a verdict came in. */
    public enum Source {
        COMMAND,
        API,
        SLACK,
        PAGERDUTY,
        WEB,
        /** Concluded, not said: weak and biased, so it never judges a page. */
        IMPLICIT;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Verdict {
        requireText(episode, "key");
        requireNonNull(kind, "kind");
        requireNonNull(source, "source");
        requireText(by, "by");
        requireNonNull(worked, "worked");
        if (of.length() > MAX_TEXT || note.length() > MAX_TEXT) {
            throw new IllegalArgumentException("of, note: too long (expected: at most " + MAX_TEXT + " characters)");
        }
        if (!of.isEmpty() && kind != Kind.DUPLICATE) {
            throw new IllegalArgumentException("of: " + of + " (expected: only with duplicate)");
        }
        if (of.equals(episode)) {
            throw new IllegalArgumentException("of: the same key (expected: the key of another page)");
        }
        if (!(weight >= 0 && weight <= 1)) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0 to 1)");
        }
        if (worked.filter(time -> time.isNegative() || time.compareTo(Duration.ofDays(MAX_DAYS)) > 0)
                .isPresent()) {
            throw new IllegalArgumentException("worked: " + worked.get() + " (expected: 0s to " + MAX_DAYS + "d)");
        }
    }

    /** What a person said, with full weight. */
    public static Verdict said(String episode, Kind kind, String of, String by, long atMillis, Source source) {
        return new Verdict(episode, kind, of, false, by, atMillis, source, 1, "", Optional.empty());
    }

    /** What people's doing, or an alert's, lets one conclude; it judges nothing. */
    public static Verdict implied(
            String episode, Kind kind, String of, String by, long atMillis, double weight, String why) {
        return new Verdict(episode, kind, of, false, by, atMillis, Source.IMPLICIT, weight, why, Optional.empty());
    }

    /** The same, about an incident of the highest priorities. */
    public Verdict asMajor() {
        return new Verdict(episode, kind, of, true, by, atMillis, source, weight, note, worked);
    }

    /** Whether it judges: somebody said so. */
    public boolean explicit() {
        return source != Source.IMPLICIT;
    }

    static void requireText(String text, String name) {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    name + ": " + text.length() + " characters (expected: 1 to " + MAX_TEXT + ")");
        }
    }
}
