// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import io.conjunct.check.Findings;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs a parser over a scalar and reports what it refuses at its place in the file. */
final class Parsing {
    private Parsing() {}

    static <T> Optional<T> of(Node.Scalar scalar, Findings findings, Supplier<T> parser) {
        try {
            return Optional.of(parser.get());
        } catch (Problem problem) {
            findings.error(problem.id, scalar.place(problem.from, problem.to), problem.message, problem.fix);
            return Optional.empty();
        }
    }
}
