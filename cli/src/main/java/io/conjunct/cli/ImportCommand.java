// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import picocli.CommandLine.Command;

/** {@code conjunct import}: rules of other systems. */
@Command(
        name = "import",
        description = "Carry rules of another system over, with a report of what changed and what could not be.",
        subcommands = ImportPrometheusCommand.class,
        synopsisSubcommandLabel = "SYSTEM")
final class ImportCommand {}
