// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import picocli.CommandLine.Option;

/** Where applications send their telemetry. */
final class IngestOptions {
    @Option(
            names = "--otlp-grpc-port",
            paramLabel = "PORT",
            defaultValue = "4317",
            description = "OTLP over gRPC; 0 for a free one (default: ${DEFAULT-VALUE}).")
    int grpcPort = 4317;

    @Option(
            names = "--otlp-http-port",
            paramLabel = "PORT",
            defaultValue = "4318",
            description = "OTLP over HTTP; 0 for a free one (default: ${DEFAULT-VALUE}).")
    int httpPort = 4318;

    @Option(
            names = "--keep-all-events",
            description = "Also send events and attributes that no rule reads, for rules still to be written.")
    boolean keepAllEvents;
}
