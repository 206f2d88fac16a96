// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code conjunct ingest}: the sidecar alone. */
@Command(
        name = "ingest",
        description = "Run the sidecar alone: OTLP in, event batches to Kafka out.",
        addMethodSubcommands = false)
final class IngestCommand extends NodeCommand {
    @Mixin
    private final IngestOptions ingest = new IngestOptions();

    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Override
    void startRoles(NodeStart start, DataDirectory data) {
        String bootstrap = kafka.named();
        // No probe: a sidecar whose broker is away keeps what it receives in its spool and says so in /readyz.
        start.sidecar(() ->
                SidecarRole.open(bootstrap, kafka, data, server, ingest, engine, Optional.empty(), start.registry()));
    }
}
