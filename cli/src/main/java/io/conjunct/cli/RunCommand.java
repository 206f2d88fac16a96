// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code conjunct run}: everything in one process. */
@Command(name = "run", description = "Run everything in one process: sidecar, correlator, alert sink, and a broker.")
final class RunCommand extends NodeCommand {
    @Mixin
    private final IngestOptions ingest = new IngestOptions();

    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Mixin
    private final SinkOptions sink = new SinkOptions();

    @Override
    void startRoles(NodeStart start, DataDirectory data) {
        new AllRoles(kafka, server, ingest, engine).start(start, data, SinkRole.receivers(sink), System.out);
    }
}
