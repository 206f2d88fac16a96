// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Path;
import java.util.Optional;

/** Where applications send their telemetry, and which of them may. */
final class IngestOptions extends Options {
    final Setting<Integer> grpcPort = port("--otlp-grpc-port", 4317, "OTLP over gRPC; 0 for a free one");

    final Setting<Integer> httpPort = port("--otlp-http-port", 4318, "OTLP over HTTP; 0 for a free one");

    final Setting<Optional<Path>> tlsCertificate =
            file("--otlp-tls-cert", "PEM certificate chain; with --otlp-tls-key, both OTLP ports speak TLS only.");

    final Setting<Optional<Path>> tlsKey =
            file("--otlp-tls-key", "PEM private key (PKCS#8: RSA, EC or Ed25519) of --otlp-tls-cert.");

    final Setting<Optional<Path>> clientAuthorities =
            file("--otlp-client-ca", "PEM certificates; only clients that show one issued by them may send (mTLS).");

    final Setting<Optional<Path>> tokens = file(
            "--otlp-tokens",
            "YAML with the bearer tokens of those who may send, and their quotas; read again when it changes"
                    + " (docs/otlp.md).");

    final Setting<Boolean> allowAnyone = flag(
            "--otlp-allow-anyone",
            "Let everybody who can reach the OTLP ports send, although --bind is not a loopback address.");

    final Setting<Boolean> keepAllEvents = flag(
            "--keep-all-events", "Also send events and attributes that no rule reads, for rules still to be written.");
}
