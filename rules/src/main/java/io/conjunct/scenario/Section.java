// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.check.Spelling;
import io.conjunct.rule.Durations;
import io.conjunct.rule.Node;
import io.conjunct.rule.Node.Scalar;
import io.conjunct.rule.Node.Scalar.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One mapping of a test file whose keys are known; every other key is a finding, with the nearest known one. */
final class Section {
    private final Node.Table table;
    final Findings findings;

    private Section(Node.Table table, Findings findings) {
        this.table = table;
        this.findings = findings;
    }

    /** Takes a node that must be a mapping with no other keys than these. */
    static Optional<Section> of(Node node, String what, List<String> keys, Findings findings) {
        if (!(node instanceof Node.Table table)) {
            findings.error("value/type", node.place(), what + " is a mapping", "write {" + keys.get(0) + ": …}");
            return Optional.empty();
        }
        for (Node.Entry entry : table.entries()) {
            String key = entry.key().text();
            if (!keys.contains(key)) {
                findings.error(
                        "key/unknown", entry.key().place(), "unknown key `" + key + "`", Spelling.hint(key, keys));
            }
        }
        return Optional.of(new Section(table, findings));
    }

    Place place() {
        return table.place();
    }

    Place placeOf(String key) {
        return table.placeOf(key);
    }

    boolean has(String key) {
        return table.get(key).isPresent();
    }

    Optional<Node> node(String key) {
        return table.get(key);
    }

    void missing(String key) {
        findings.error("key/missing", place(), "`" + key + "` is missing", "add `" + key + ":`");
    }

    void wrong(String key, String message, String fix) {
        findings.error("value/invalid", placeOf(key), message, fix);
    }

    /** A value that is not a list or mapping and not nothing; anything else is a finding. */
    Optional<Scalar> scalar(String key) {
        Optional<Node> value = table.get(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Scalar scalar && scalar.type() != Type.NOTHING) {
            return Optional.of(scalar);
        }
        findings.error("value/type", value.get().place(), "`" + key + "` is a single value", "write one value");
        return Optional.empty();
    }

    Optional<String> text(String key) {
        return scalar(key).map(Scalar::text);
    }

    Optional<Duration> duration(String key) {
        return scalar(key).flatMap(s -> Durations.read(s, findings));
    }

    /** A duration in milliseconds, or another value where there is none. */
    long millis(String key, long otherwise) {
        return duration(key).map(Duration::toMillis).orElse(otherwise);
    }

    /** A whole number from {@code least} to {@code most}. */
    long whole(String key, long least, long most, long otherwise) {
        Optional<Scalar> scalar = scalar(key);
        if (scalar.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(scalar.get().text());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        wrong(key, "`" + key + "` is not a whole number from " + least + " to " + most, "write " + least + " or more");
        return otherwise;
    }

    /** The items of a list; a single value is a list of one. */
    List<Node> items(String key) {
        return table.get(key).map(Section::itemsOf).orElse(List.of());
    }

    static List<Node> itemsOf(Node node) {
        return node instanceof Node.Sequence sequence ? sequence.items() : List.of(node);
    }

    /** The scalars of a list; anything else in it is a finding. */
    static List<Scalar> scalars(Node node, Findings findings) {
        List<Scalar> scalars = new ArrayList<>();
        for (Node item : itemsOf(node)) {
            if (item instanceof Scalar scalar && scalar.type() != Type.NOTHING) {
                scalars.add(scalar);
            } else {
                findings.error("value/type", item.place(), "a list of values is expected here", "write one value");
            }
        }
        return scalars;
    }
}
