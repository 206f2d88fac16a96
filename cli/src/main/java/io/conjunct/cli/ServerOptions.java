// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

/** Where this process listens for people and probes. */
final class ServerOptions extends Options {
    final Setting<String> bind =
            text("--bind", "ADDRESS", "127.0.0.1", "Address on which to listen; 0.0.0.0 is every interface");

    final Setting<Integer> adminPort =
            number("--admin-port", "PORT", 8080, "Status page, /metrics, /healthz, /readyz; 0 for a free one");
}
