// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static java.util.Objects.requireNonNull;

import io.conjunct.ingest.server.ClientToken;
import io.conjunct.ingest.server.PemFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Who may send to a sidecar. Its text never shows a token.
 *
 * @param tls empty for plain text, which is right on a loopback address
 * @param tokens of those who may send; empty to let everybody
 */
public record Security(Optional<PemFiles> tls, Optional<List<ClientToken>> tokens) {

    public Security {
        requireNonNull(tls, "tls");
        tokens = tokens.map(List::copyOf);
    }

    /** Everybody who can reach the ports may send. */
    public static Security none() {
        return new Security(Optional.empty(), Optional.empty());
    }

    public Security withTls(PemFiles files) {
        return new Security(Optional.of(files), tokens);
    }

    public Security withTokens(List<ClientToken> newTokens) {
        return new Security(tls, Optional.of(newTokens));
    }

    public Security withTokens(ClientToken... newTokens) {
        return withTokens(Arrays.asList(newTokens));
    }
}
