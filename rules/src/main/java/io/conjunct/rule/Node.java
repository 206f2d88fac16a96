// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static java.util.Objects.requireNonNull;

import io.conjunct.check.Place;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A YAML value with its place in the file. Scalars follow the core schema of YAML 1.2: {@code yes} is text. */
public sealed interface Node {

    Place place();

    /**
     * A text, a number, a boolean or nothing.
     *
     * @param text the value; of a number or boolean as it is written
     * @param layout where each character of the value stands in the file
     */
    record Scalar(String text, Type type, ScalarLayout layout) implements Node {
        /** What a scalar means in the core schema. */
        public enum Type {
            TEXT,
            NUMBER,
            BOOLEAN,
            NOTHING
        }

        public Scalar {
            requireNonNull(text, "text");
            requireNonNull(type, "type");
            requireNonNull(layout, "layout");
        }

        @Override
        public Place place() {
            return layout.place();
        }

        /** The place of a part of the value. */
        public Place place(int from, int to) {
            return layout.place(text, from, to);
        }
    }

    /** A mapping, in the order of the file. */
    record Table(Place start, List<Entry> entries) implements Node {
        public Table {
            requireNonNull(start, "start");
            entries = List.copyOf(entries);
        }

        /** The first key, which is where a reader looks; the bracket where there is none. */
        @Override
        public Place place() {
            return entries.isEmpty() ? start : entries.get(0).key().place();
        }

        public Optional<Node> get(String key) {
            return entries.stream()
                    .filter(e -> e.key().text().equals(key))
                    .map(Entry::value)
                    .findFirst();
        }

        /** The value of a key if it is a scalar with a value. */
        public Optional<Scalar> scalar(String key) {
            return get(key).filter(Scalar.class::isInstance)
                    .map(Scalar.class::cast)
                    .filter(s -> s.type() != Scalar.Type.NOTHING);
        }

        /** The value of a key if it is text: a number without its unit is none. */
        public Optional<Scalar> text(String key) {
            return scalar(key).filter(s -> s.type() == Scalar.Type.TEXT);
        }

        /** The texts of a mapping under a key, such as labels or annotations, sorted. */
        SortedMap<String, String> texts(String key) {
            SortedMap<String, String> texts = new TreeMap<>();
            table(key).map(Table::entries).orElse(List.of()).forEach(e -> {
                if (e.value() instanceof Scalar scalar) {
                    texts.put(e.key().text(), scalar.text());
                }
            });
            return texts;
        }

        public Optional<Table> table(String key) {
            return get(key).filter(Table.class::isInstance).map(Table.class::cast);
        }

        public Optional<Sequence> sequence(String key) {
            return get(key).filter(Sequence.class::isInstance).map(Sequence.class::cast);
        }

        /** The place of a key's value, or of the mapping when the key is missing. */
        public Place placeOf(String key) {
            return get(key).map(Node::place).orElseGet(this::place);
        }
    }

    /** One line of a mapping. */
    record Entry(Scalar key, Node value) {
        public Entry {
            requireNonNull(key, "key");
            requireNonNull(value, "value");
        }
    }

    /** A list. */
    record Sequence(Place place, List<Node> items) implements Node {
        public Sequence {
            requireNonNull(place, "place");
            items = List.copyOf(items);
        }

        /** The items that are scalars with a value. */
        public List<Scalar> scalars() {
            return items.stream()
                    .filter(Scalar.class::isInstance)
                    .map(Scalar.class::cast)
                    .filter(s -> s.type() != Scalar.Type.NOTHING)
                    .toList();
        }
    }
}
