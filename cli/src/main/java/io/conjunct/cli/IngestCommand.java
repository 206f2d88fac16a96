// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import java.util.Optional;

/** {@code conjunct ingest}: the sidecar alone. */
final class IngestCommand extends NodeCommand {
    private final IngestOptions ingest = take(new IngestOptions());
    private final EngineOptions engine = take(new EngineOptions());

    IngestCommand() {
        super("ingest", "Run the sidecar alone: OTLP in, event batches to Kafka out.");
    }

    @Override
    void startRoles(NodeStart start, DataDirectory data) {
        String bootstrap = kafka.named();
        // No probe: a sidecar whose broker is away keeps what it receives in its spool and says so in /readyz.
        start.sidecar(() ->
                SidecarRole.open(bootstrap, kafka, data, server, ingest, engine, Optional.empty(), start.registry()));
    }
}
