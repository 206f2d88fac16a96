// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.alert.Tier;
import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.check.Spelling;
import io.conjunct.rule.Durations;
import io.conjunct.rule.Node;
import io.conjunct.rule.Node.Scalar;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One episode that a test expects to be delivered. Times are milliseconds from the start, each the tick at which the
 * change was decided.
 *
 * @param labels that the alert must carry; it may have others
 * @param tier empty for any
 * @param pending when the condition began to hold; empty for whenever
 * @param resolved empty when it must still fire at the end
 * @param muted name of the mute that held it back when it fired; empty when nothing did
 * @param told when it was delivered after all, because it outlasted the mute
 * @param reason that the last transition must carry, such as {@code retired}; empty for any
 */
record Expected(
        Place place,
        String alert,
        SortedMap<String, String> labels,
        Optional<Tier> tier,
        OptionalLong pending,
        long firing,
        OptionalLong resolved,
        Optional<String> muted,
        OptionalLong told,
        Optional<String> reason) {
    private static final List<String> KEYS =
            List.of("alert", "labels", "tier", "pending", "firing", "resolved", "muted", "told", "reason");
    private static final List<String> TIERS =
            Arrays.stream(Tier.values()).map(Tier::word).toList();

    static Optional<Expected> read(Node node, Findings findings) {
        int errors = findings.errors();
        Optional<Section> read = Section.of(node, "an expected alert", KEYS, findings);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        Section section = read.get();
        for (String key : List.of("alert", "firing")) {
            if (!section.has(key)) {
                section.missing(key);
            }
        }
        TreeMap<String, String> labels = new TreeMap<>();
        section.node("labels").ifPresent(n -> {
            if (n instanceof Node.Table table) {
                for (Node.Entry entry : table.entries()) {
                    if (entry.value() instanceof Scalar scalar) {
                        labels.put(entry.key().text(), scalar.text());
                    }
                }
            } else {
                section.wrong("labels", "labels are a mapping", "write {cloud.region: eu}");
            }
        });
        Optional<String> tier = section.text("tier");
        tier.filter(t -> !TIERS.contains(t))
                .ifPresent(t -> section.wrong("tier", "`" + t + "` is no tier", Spelling.hint(t, TIERS)));
        OptionalLong pending = time(section, "pending");
        OptionalLong firing = time(section, "firing");
        OptionalLong resolved = time(section, "resolved");
        if (findings.errors() > errors || firing.isEmpty()) {
            return Optional.empty();
        }
        if (resolved.isPresent() && resolved.getAsLong() <= firing.getAsLong()) {
            section.wrong("resolved", "it resolves before it fires", "write a later time");
        }
        return Optional.of(new Expected(
                section.place(),
                section.text("alert").orElse(""),
                labels,
                tier.map(Tier::of),
                pending,
                firing.getAsLong(),
                resolved,
                section.text("muted"),
                time(section, "told"),
                section.text("reason")));
    }

    private static OptionalLong time(Section section, String key) {
        return section.duration(key).map(d -> OptionalLong.of(d.toMillis())).orElseGet(OptionalLong::empty);
    }

    /** The same with every time at the tick that decides it: rounded up. */
    Expected atTicks(long tick) {
        return new Expected(
                place,
                alert,
                labels,
                tier,
                up(pending, tick),
                up(firing, tick),
                up(resolved, tick),
                muted,
                up(told, tick),
                reason);
    }

    private static OptionalLong up(OptionalLong millis, long tick) {
        return millis.isEmpty() ? millis : OptionalLong.of(up(millis.getAsLong(), tick));
    }

    static long up(long millis, long tick) {
        return Math.floorDiv(millis + tick - 1, tick) * tick;
    }

    /** The latest time it speaks of. */
    long latest() {
        return Math.max(firing, resolved.orElse(0));
    }

    /** Whether it can be about this alert at all. */
    boolean names(Seen seen) {
        return alert.equals(seen.alert()) && seen.labels().entrySet().containsAll(labels.entrySet());
    }

    /** Whether this is exactly what was seen. */
    boolean matches(Seen seen) {
        return names(seen)
                && tier.map(t -> t == seen.tier()).orElse(true)
                && (pending.isEmpty() || pending.equals(seen.pending()))
                && firing == seen.firing()
                && resolved.equals(seen.resolved())
                && muted.equals(seen.muted())
                && told.equals(seen.told())
                && reason.map(seen.reason()::equals).orElse(true);
    }

    /** In the words of the file, times aside of what it does not say. */
    String words() {
        return (tier.isPresent() ? tier.get().word() + "  " : "")
                + (pending.isPresent() ? "pending " + time(pending.getAsLong()) + "  " : "")
                + "firing " + time(firing) + "  "
                + muted.map(by -> "muted by " + by + "  ").orElse("")
                + (told.isPresent() ? "told " + time(told.getAsLong()) + "  " : "")
                + (resolved.isPresent() ? "resolved " + time(resolved.getAsLong()) : "until the end")
                + reason.map(r -> "  (" + r + ")").orElse("");
    }

    /** A time of the timeline as the file writes it. */
    static String time(long millis) {
        return millis == 0 ? "0m" : Durations.format(Duration.ofMillis(millis));
    }
}
