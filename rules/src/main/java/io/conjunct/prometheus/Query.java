// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A PromQL expression, as far as it can be carried over. */
sealed interface Query {

    /** A number. */
    record Number(double value) implements Query {}

    /** Series of a metric; {@code range} empty for their latest values. */
    record Select(String metric, List<Match> matches, Optional<Duration> range) implements Query {
        public Select {
            matches = List.copyOf(matches);
        }
    }

    /** One label matcher; {@code operator} is one of {@code = != =~ !~}. */
    record Match(String label, String operator, String value) {}

    /** A function of values. */
    record Call(String function, List<Query> arguments) implements Query {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** An aggregation over series; {@code by} is empty for all of them together. */
    record Aggregate(String operator, List<String> by, Query of) implements Query {
        public Aggregate {
            by = List.copyOf(by);
        }
    }

    /** Two sides; {@code on} is empty where all labels must be equal. */
    record Binary(String operator, Query left, Query right, Optional<List<String>> on) implements Query {
        public Binary {
            on = on.map(List::copyOf);
        }
    }
}
