// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Path;
import java.util.Optional;

/** Who is told. */
final class SinkOptions extends Options {
    final Setting<Optional<Path>> receivers =
            file("--receivers", "Receivers and routes, YAML. Without it every delivery is one line of JSON on stdout.");
}
