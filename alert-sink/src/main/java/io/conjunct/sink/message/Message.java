// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.message;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Leg;
import io.conjunct.event.Exemplar;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An alert as a person reads it: every receiver tells these facts, in its own form. Nothing is cut here; receivers cut
 * at their provider's limits.
 *
 * @param headline the summary, or the rule's name where there is none
 * @param status {@code PAGE FIRING}, {@code TICKET RESOLVED}
 * @param since when it began, and, when it is over, until when and how long
 * @param where the labels
 * @param evidence one per condition, in the rule's order
 * @param reason why, where it is not simply the condition; may be empty
 * @param runbook an address; may be empty
 * @param dashboard an address; may be empty
 * @param slowest up to {@value #MAX_TRACES} traces, slowest first
 * @param failed up to {@value #MAX_TRACES} traces that failed
 * @param owner who fixes or deletes the rule
 * @param rule name, group and revision
 * @param late when it happened and when it was told, if that is long after; may be empty
 * @param record what the rule's pages were worth so far; may be empty
 * @param change what was deployed or changed shortly before; may be empty
 */
public record Message(
        String headline,
        String status,
        String since,
        String where,
        List<Evidence> evidence,
        String reason,
        String runbook,
        String dashboard,
        List<String> slowest,
        List<String> failed,
        String owner,
        String rule,
        String late,
        String record,
        String change) {
    /** The annotation with what changed before. */
    public static final String CHANGE = "last_change";
    /** Begins the annotation with the spark line of a leg; its number follows, from 1. */
    public static final String TREND = "trend_";

    private static final int MAX_TRACES = 3;
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    public Message {
        evidence = List.copyOf(evidence);
        slowest = List.copyOf(slowest);
        failed = List.copyOf(failed);
    }

    public static Message of(Alert alert) {
        String summary = alert.annotations().getOrDefault("summary", "").strip();
        List<Evidence> evidence = new ArrayList<>();
        for (Leg leg : alert.legs()) {
            String trend = alert.annotations().getOrDefault(TREND + (evidence.size() + 1), "");
            evidence.add(Evidence.of(leg, trend));
        }
        return new Message(
                summary.isEmpty() ? alert.name() : summary,
                (alert.tier().word() + " " + alert.state().word()).toUpperCase(Locale.ROOT),
                since(alert),
                Evidence.labels(alert.labels()),
                evidence,
                alert.reason(),
                alert.annotations().getOrDefault("runbook_url", "").strip(),
                alert.annotations().getOrDefault("dashboard_url", "").strip(),
                traces(alert, false),
                traces(alert, true),
                alert.owner(),
                alert.name() + " in " + alert.group()
                        + (alert.revision().isEmpty() ? "" : ", revision " + alert.revision()),
                alert.annotations().getOrDefault("late", ""),
                Stream.of("track_record", "demoted")
                        .map(name -> alert.annotations().getOrDefault(name, ""))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("; ")),
                alert.annotations().getOrDefault(CHANGE, ""));
    }

    /** Status and headline on one line. */
    public String title() {
        return status + ": " + headline.replaceAll("\\s*\\R\\s*", " ");
    }

    /** A name and a fact. */
    public record Fact(String name, String text) {}

    /** Everything but title and evidence that is known, in the order in which it is asked for at night. */
    public List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("late", late));
        facts.add(new Fact("since", since));
        facts.add(new Fact("where", where));
        facts.add(new Fact("because", reason));
        facts.add(new Fact("change", change));
        facts.add(new Fact("runbook", runbook));
        facts.add(new Fact("dashboard", dashboard));
        facts.add(new Fact("slowest", String.join("\n", slowest)));
        facts.add(new Fact("failed", String.join("\n", failed)));
        facts.add(new Fact("owner", owner));
        facts.add(new Fact("rule", rule));
        facts.add(new Fact("record", record));
        facts.removeIf(fact -> fact.text().isEmpty());
        return facts;
    }

    /** A few plain lines, without the last line break. */
    public String text() {
        StringBuilder text = new StringBuilder(title());
        int widest = evidence.stream()
                .mapToInt(leg -> leg.condition().length())
                .max()
                .orElse(0);
        List<String> legs = new ArrayList<>();
        for (Evidence leg : evidence) {
            String gap = " "
                    .repeat(Math.min(60, widest) - Math.min(60, leg.condition().length()) + 3);
            legs.add(leg.condition() + gap + leg.measured());
        }
        append(text, new Fact("evidence", String.join("\n", legs)));
        facts().forEach(fact -> append(text, fact));
        return text.toString();
    }

    private static void append(StringBuilder text, Fact fact) {
        String name = fact.name();
        for (String line : fact.text().lines().toList()) {
            if (!line.isBlank()) {
                text.append(String.format(Locale.ROOT, "%n  %-9s %s", name, line));
                name = "";
            }
        }
    }

    private static String since(Alert alert) {
        Instant start = Instant.ofEpochMilli(alert.startsAtMillis());
        String words = UTC.format(start);
        if (alert.state() != State.RESOLVED) {
            return words;
        }
        Instant end = Instant.ofEpochMilli(alert.endsAtMillis().orElse(alert.atMillis()));
        double seconds = Duration.between(start, end).toMillis() / 1_000.0;
        return words + " until " + UTC.format(end) + ", " + new Quantity(seconds, "s", false);
    }

    private static List<String> traces(Alert alert, boolean failed) {
        List<String> traces = new ArrayList<>();
        for (Exemplar exemplar : alert.exemplars()) {
            if (exemplar.failed() == failed && traces.size() < MAX_TRACES) {
                traces.add("trace " + exemplar.traceId() + " took "
                        + new Quantity(exemplar.durationNanos() / 1e9, "s", false));
            }
        }
        return traces;
    }
}
