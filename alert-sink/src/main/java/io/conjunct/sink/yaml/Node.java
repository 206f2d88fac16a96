// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.yaml;

import java.util.List;

/** A value of a YAML file and where it stands. */
sealed interface Node {
    Place place();

    /** What it is called in a message. */
    String kind();

    /** A word, number, truth or nothing, as written. */
    record Scalar(Place place, String text) implements Node {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** A list. */
    record Sequence(Place place, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys and values, in the order of the file. */
    record Mapping(Place place, List<Entry> entries) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "keys and values";
        }
    }

    /** One key and its value. */
    record Entry(Place place, String key, Node value) {}
}
