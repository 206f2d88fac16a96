// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;

/** {@code conjunct run}: everything in one process. */
final class RunCommand extends NodeCommand {
    private final IngestOptions ingest = take(new IngestOptions());
    private final EngineOptions engine = take(new EngineOptions());
    private final SinkOptions sink = take(new SinkOptions());

    RunCommand() {
        super("run", "Run everything in one process: sidecar, correlator, alert sink, and a broker.");
    }

    @Override
    void startRoles(NodeStart start, DataDirectory data) {
        new AllRoles(kafka, server, ingest, engine).start(start, data, SinkRole.receivers(sink), System.out);
    }
}
