// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import picocli.CommandLine.Option;

/** Where this process listens for people and probes. */
final class ServerOptions {
    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address on which to listen; 0.0.0.0 is every interface (default: ${DEFAULT-VALUE}).")
    String bind = "127.0.0.1";

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Status page, /metrics, /healthz, /readyz; 0 for a free one (default: ${DEFAULT-VALUE}).")
    int adminPort = 8080;
}
