// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.conjunct.ingest.server.ClientToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestSecurityTest {
    private static final String ONE = """
            tokens:
              - name: checkout
                token: canary-0123456789
                bytes_per_second: 1000000
                events_per_second: 5000
            """;

    @TempDir
    private Path directory;

    private final IngestOptions ingest = new IngestOptions();
    private final ServerOptions server = new ServerOptions();

    @Test
    void loopback_needsNothing() {
        assertThat(IngestSecurity.of(ingest, server).tokens()).isEmpty();
        server.bind.set("::1");
        assertThat(IngestSecurity.of(ingest, server).tls()).isEmpty();
    }

    @Test
    void everyInterface_needsTokensOrTlsOrASaidConsent() throws IOException {
        server.bind.set("0.0.0.0");
        assertThatThrownBy(() -> IngestSecurity.of(ingest, server))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("--otlp-tokens")
                .hasMessageContaining("--otlp-allow-anyone");
        ingest.allowAnyone.set(true);
        assertThat(IngestSecurity.of(ingest, server).tokens()).isEmpty();
        ingest.allowAnyone.set(false);
        ingest.tokens.set(Optional.of(write(ONE)));
        assertThat(IngestSecurity.of(ingest, server).tokens())
                .hasValue(List.of(new ClientToken("checkout", "canary-0123456789", 1_000_000, 5_000)));
    }

    @Test
    void tlsOptions_needEachOther() throws IOException {
        ingest.tlsCertificate.set(Optional.of(write("x")));
        assertThatThrownBy(() -> IngestSecurity.of(ingest, server)).hasMessageContaining("need each other");
        ingest.tlsCertificate.set(Optional.empty());
        ingest.clientAuthorities.set(Optional.of(write("x")));
        assertThatThrownBy(() -> IngestSecurity.of(ingest, server)).hasMessageContaining("--otlp-client-ca needs");
        ingest.tlsCertificate.set(Optional.of(write("x")));
        ingest.tlsKey.set(Optional.of(directory.resolve("nowhere.pem")));
        assertThatThrownBy(() -> IngestSecurity.of(ingest, server))
                .hasMessageContaining("--otlp-tls-key")
                .hasMessageContaining("nowhere.pem");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary",
                "tokens: []",
                "tokens: canary",
                "tokens: [canary]",
                "tokens: [{name: a}]",
                "tokens: [{name: a, token: canary}]",
                "tokens: [{name: a, token: 1234567890123456789}]",
                "tokens: [{name: '', token: canary-0123456789}]",
                "tokens: [{name: a, token: canary-0123456789, bytes_per_second: -1}]",
                "tokens: [{name: a, token: canary-0123456789, bytes_per_second: lots}]",
                "tokens: [{name: a, token: canary-0123456789, canary: 1}]",
                "tokens: [{name: a, token: canary-0123456789}, {name: a, token: canary-1123456789}]",
                "tokens: [{name: a, token: canary-0123456789}, {name: b, token: canary-0123456789}]",
                "tokens: [{name: a, token: canary-0123456789",
                "other: [{name: a, token: canary-0123456789}]",
                "tokens: !!java.net.URL canary"
            })
    void fileThatIsWrong_isToldByPlace_neverByContent(String text) throws IOException {
        Path file = write(text);
        assertThatThrownBy(() -> new TokenFile(file).read())
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageStartingWith("--otlp-tokens " + file + ": ")
                .message()
                .doesNotContain("canary");
    }

    @Test
    void fileThatChanges_isInForceSoon_andOneThatIsWrongChangesNothing() throws IOException {
        Path file = write(ONE);
        ingest.tokens.set(Optional.of(file));
        AtomicReference<List<ClientToken>> inForce = new AtomicReference<>(List.of());
        Runnable stop = IngestSecurity.follow(ingest, inForce::set);
        try {
            Files.writeString(file, ONE.replace("checkout", "search"));
            await().untilAsserted(() ->
                    assertThat(inForce.get()).extracting(ClientToken::name).containsExactly("search"));
            Files.writeString(file, "tokens: [");
            Files.writeString(file, ONE.replace("checkout", "cart"));
            await().untilAsserted(() ->
                    assertThat(inForce.get()).extracting(ClientToken::name).containsExactly("cart"));
        } finally {
            stop.run();
        }
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("tokens.yaml"), text);
    }
}
