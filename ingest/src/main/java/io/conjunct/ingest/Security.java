// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static java.util.Objects.requireNonNull;

import io.conjunct.ingest.server.PemFiles;
import java.util.Map;
import java.util.Optional;

/**
 * Who may send to a sidecar. Its text never shows a token.
 *
 * @param tls empty for plain text, which is right on a loopback address
 * @param tokens bearer tokens by the name of their client, 16 characters at least; empty to let everybody send
 * @param bytesPerSecond of decompressed bodies per token, with a burst of ten seconds; 0 for no quota
 */
public record Security(Optional<PemFiles> tls, Map<String, String> tokens, long bytesPerSecond) {
    private static final int SHORTEST_TOKEN = 16;

    public Security {
        requireNonNull(tls, "tls");
        tokens = Map.copyOf(tokens);
        tokens.forEach((name, token) -> {
            if (token.length() < SHORTEST_TOKEN) {
                throw new IllegalArgumentException(
                        "token of " + name + ": too short (expected: at least " + SHORTEST_TOKEN + " characters)");
            }
        });
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("bytesPerSecond: " + bytesPerSecond + " (expected: 0 or more)");
        }
    }

    /** Everybody who can reach the ports may send. */
    public static Security none() {
        return new Security(Optional.empty(), Map.of(), 0);
    }

    public Security withTls(PemFiles files) {
        return new Security(Optional.of(files), tokens, bytesPerSecond);
    }

    public Security withTokens(Map<String, String> newTokens, long newBytesPerSecond) {
        return new Security(tls, newTokens, newBytesPerSecond);
    }

    @Override
    public String toString() {
        return "Security[tls=" + tls + ", tokens of " + tokens.keySet() + ", bytesPerSecond=" + bytesPerSecond + "]";
    }
}
