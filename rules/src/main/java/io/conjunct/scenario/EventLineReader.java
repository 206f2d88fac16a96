// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Findings;
import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import io.conjunct.rule.Node;
import io.conjunct.rule.Node.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the lines of {@code given}. */
final class EventLineReader {
    private static final List<String> KINDS = List.of("span", "event", "metric");
    private static final List<String> KEYS = keys();
    private static final List<String> STATUS = List.of("ok", "error", "unset");

    private EventLineReader() {}

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(Schedule.KEYS);
        keys.add("seed");
        keys.addAll(KINDS);
        return List.copyOf(keys);
    }

    /** @param number of the line in its test, which is its seed unless it states one */
    static Optional<EventLine> read(Node node, int number, Findings findings) {
        Optional<Section> section = Section.of(node, "a line of `given`", KEYS, findings);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        List<String> kinds = KINDS.stream().filter(section.get()::has).toList();
        if (kinds.size() != 1) {
            findings.error(
                    "given/kind",
                    section.get().place(),
                    kinds.isEmpty() ? "what happens here?" : "one line is one sort of event",
                    "write one of span, event and metric");
            return Optional.empty();
        }
        Kind kind = Kind.valueOf(kinds.get(0).toUpperCase(Locale.ROOT));
        int errors = findings.errors();
        Optional<Schedule> schedule = Schedule.read(section.get());
        long seed = section.get().whole("seed", 0, Long.MAX_VALUE, number + 1L);
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        Map<String, Amount> amounts = new TreeMap<>();
        event(section.get().node(kinds.get(0)).orElseThrow(), kind, attributes, amounts, findings);
        return findings.errors() > errors
                ? Optional.empty()
                : schedule.map(s -> new EventLine(kind, attributes, amounts, s, seed));
    }

    private static void event(
            Node node,
            Kind kind,
            Map<String, List<String>> attributes,
            Map<String, Amount> amounts,
            Findings findings) {
        String nameKey = EventLine.nameKey(kind);
        if (node instanceof Scalar name && kind == Kind.EVENT) {
            attributes.put(nameKey, List.of(name.text()));
            return;
        }
        if (!(node instanceof Node.Table table)) {
            findings.error(
                    "value/type",
                    node.place(),
                    "attributes are a mapping",
                    "write {" + Series.SERVICE_NAME + ": …, " + nameKey + ": …}");
            return;
        }
        for (Node.Entry entry : table.entries()) {
            String key = entry.key().text();
            boolean duration = kind == Kind.SPAN && key.equals(Field.DURATION);
            boolean value = kind == Kind.METRIC && key.equals(Field.VALUE);
            if (duration || value || entry.value() instanceof Node.Table) {
                new AmountReader(duration, findings).read(entry.value()).ifPresent(a -> amounts.put(key, a));
            } else {
                List<String> values = Section.scalars(entry.value(), findings).stream()
                        .map(Scalar::text)
                        .toList();
                attributes.put(key, values);
                if (values.isEmpty()) {
                    findings.error("value/type", entry.value().place(), "`" + key + "` has no value", "write one");
                }
            }
        }
        required(table, kind, attributes, amounts, findings);
    }

    private static void required(
            Node.Table table,
            Kind kind,
            Map<String, List<String>> attributes,
            Map<String, Amount> amounts,
            Findings findings) {
        if (kind == Kind.SPAN) {
            // A span always took some time; most tests of ratios do not care how long.
            amounts.putIfAbsent(Field.DURATION, new Amount.Cycle(List.of(1e6)));
            for (String status : attributes.getOrDefault(Series.STATUS, List.of())) {
                if (!STATUS.contains(status)) {
                    findings.error(
                            "given/status",
                            table.placeOf(Series.STATUS),
                            "a span's status is never `" + status + "`",
                            "write ok, error or unset");
                }
            }
            return;
        }
        String nameKey = EventLine.nameKey(kind);
        if (!attributes.containsKey(nameKey)) {
            findings.error("key/missing", table.place(), "`" + nameKey + "` is missing", "add `" + nameKey + ":`");
        }
        if (kind == Kind.METRIC && table.get(Field.VALUE).isEmpty()) {
            findings.error("key/missing", table.place(), "`value` is missing", "add `value:` and a number");
        }
    }
}
