// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who is told. */
final class SinkOptions {
    @Option(
            names = "--receivers",
            paramLabel = "FILE",
            description = "Receivers and routes, YAML. Without it every delivery is one line of JSON on stdout.")
    Optional<Path> receivers = Optional.empty();
}
