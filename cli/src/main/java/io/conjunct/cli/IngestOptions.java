// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where applications send their telemetry, and which of them may. */
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
            names = "--otlp-tls-cert",
            paramLabel = "FILE",
            description = "PEM certificate chain; with --otlp-tls-key, both OTLP ports speak TLS only.")
    Optional<Path> tlsCertificate = Optional.empty();

    @Option(
            names = "--otlp-tls-key",
            paramLabel = "FILE",
            description = "PEM private key (PKCS#8: RSA, EC or Ed25519) of --otlp-tls-cert.")
    Optional<Path> tlsKey = Optional.empty();

    @Option(
            names = "--otlp-client-ca",
            paramLabel = "FILE",
            description = "PEM certificates; only clients that show one issued by them may send (mTLS).")
    Optional<Path> clientAuthorities = Optional.empty();

    @Option(
            names = "--otlp-tokens",
            paramLabel = "FILE",
            description = "YAML with the bearer tokens of those who may send, and their quotas; read again when it"
                    + " changes (docs/otlp.md).")
    Optional<Path> tokens = Optional.empty();

    @Option(
            names = "--otlp-allow-anyone",
            description = "Let everybody who can reach the OTLP ports send, although --bind is not a loopback address.")
    boolean allowAnyone;

    @Option(
            names = "--keep-all-events",
            description = "Also send events and attributes that no rule reads, for rules still to be written.")
    boolean keepAllEvents;
}
