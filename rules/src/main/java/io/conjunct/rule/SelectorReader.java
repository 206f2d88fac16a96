// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import io.conjunct.event.Kind;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code of} and {@code where}: which events a signal is about. */
final class SelectorReader {
    private SelectorReader() {}

    /** The selector, or empty when some part of it was refused. */
    static Optional<Selector> read(Node.Table signal, Findings findings) {
        Optional<Selector> of = signal.scalar("of").flatMap(s -> Parsing.of(s, findings, () -> of(s.text())));
        List<Matcher> where =
                signal.table("where").map(w -> matchers(w, findings)).orElse(List.of());
        return of.map(s -> new Selector(s.kind(), s.name(), where));
    }

    private static Selector of(String text) {
        String[] words = text.strip().split("\\s+", 2);
        String kind = words[0];
        String name = words.length > 1 ? words[1] : "";
        if (kind.equals("span")) {
            if (!name.isEmpty()) {
                throw refused(
                        text,
                        "a span is selected by its attributes",
                        "write of: span, where: {span.name: " + name + "}");
            }
            return new Selector(Kind.SPAN, "", List.of());
        }
        if (kind.equals("event") || kind.equals("metric")) {
            if (name.isEmpty()) {
                throw refused(text, "`" + kind + "` needs a name", "write of: " + kind + " NAME");
            }
            if (name.contains(" ")) {
                throw refused(text, "a name has no spaces", "write of: " + kind + " " + name.replace(' ', '.'));
            }
            return new Selector(kind.equals("event") ? Kind.EVENT : Kind.METRIC, name, List.of());
        }
        String fix = switch (kind.toLowerCase(Locale.ROOT)) {
            case "spans", "trace", "traces" -> "write span";
            case "log", "logs", "events" -> "write event NAME";
            case "metrics", "gauge", "counter", "histogram" -> "write metric NAME";
            default -> "write span, event NAME or metric NAME";
        };
        throw refused(text, "`" + kind + "` is not a kind of telemetry", fix);
    }

    private static Problem refused(String text, String message, String fix) {
        return new Problem("signal/of", 0, text.length(), message, fix);
    }

    /** All matchers of a mapping, as far as they can be read. */
    static List<Matcher> matchers(Node.Table written, Findings findings) {
        List<Matcher> matchers = new ArrayList<>();
        written.entries().forEach(entry -> matchers(entry, findings, matchers));
        return matchers;
    }

    private static void matchers(Node.Entry entry, Findings findings, List<Matcher> where) {
        String attribute = entry.key().text();
        if (entry.value() instanceof Node.Table table) {
            for (Node.Entry condition : table.entries()) {
                switch (condition.key().text()) {
                    case "not" -> addValues(attribute, true, condition.value(), where);
                    case "matches" -> addRegex(attribute, false, condition.value(), findings, where);
                    case "not_matches" -> addRegex(attribute, true, condition.value(), findings, where);
                    default -> {
                        // The schema has refused it.
                    }
                }
            }
        } else {
            addValues(attribute, false, entry.value(), where);
        }
    }

    private static void addValues(String attribute, boolean negated, Node value, List<Matcher> where) {
        List<String> values = new ArrayList<>();
        if (value instanceof Node.Scalar scalar && scalar.type() != Node.Scalar.Type.NOTHING) {
            values.add(text(scalar));
        } else if (value instanceof Node.Sequence sequence) {
            sequence.scalars().forEach(s -> values.add(text(s)));
        }
        if (!values.isEmpty()) {
            where.add(new Matcher(attribute, negated, values, ""));
        }
    }

    /** Values are text in events: true is {@code "true"}, also where it is written {@code True}. */
    private static String text(Node.Scalar scalar) {
        return scalar.type() == Node.Scalar.Type.BOOLEAN ? scalar.text().toLowerCase(Locale.ROOT) : scalar.text();
    }

    private static void addRegex(
            String attribute, boolean negated, Node value, Findings findings, List<Matcher> where) {
        if (value instanceof Node.Scalar scalar && scalar.type() != Node.Scalar.Type.NOTHING) {
            Parsing.of(scalar, findings, () -> {
                        Regexes.check(scalar.text(), 0, scalar.text().length());
                        return new Matcher(attribute, negated, List.of(), scalar.text());
                    })
                    .ifPresent(where::add);
        }
    }
}
