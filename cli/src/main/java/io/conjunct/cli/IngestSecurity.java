// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.ingest.Security;
import io.conjunct.ingest.server.ClientToken;
import io.conjunct.ingest.server.PemFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may send, as the options say it. The file of tokens is looked at every two seconds, by content, since mounted
 * secrets are exchanged behind a link; one that cannot be used leaves the tokens as they were.
 */
final class IngestSecurity {
    private static final Logger LOG = LoggerFactory.getLogger(IngestSecurity.class);
    private static final int LOOK_SECONDS = 2;

    private IngestSecurity() {}

    /** @throws ConfigurationProblem when the options contradict each other, or would let strangers in unasked */
    static Security of(IngestOptions ingest, ServerOptions server) {
        Optional<PemFiles> tls = tls(ingest);
        Optional<Path> tokens = ingest.tokens.get();
        if (tls.isEmpty() && tokens.isEmpty() && !ingest.allowAnyone.get() && !isLoopback(server.bind.get())) {
            throw new ConfigurationProblem("--bind " + server.bind.get()
                    + " would let everybody who reaches this machine send telemetry; give --otlp-tokens FILE or"
                    + " --otlp-tls-cert, --otlp-tls-key and --otlp-client-ca, or say --otlp-allow-anyone where"
                    + " something else keeps strangers out");
        }
        return new Security(tls, tokens.map(file -> new TokenFile(file).read()));
    }

    private static Optional<PemFiles> tls(IngestOptions ingest) {
        Optional<Path> certificate = ingest.tlsCertificate.get();
        Optional<Path> key = ingest.tlsKey.get();
        Optional<Path> authorities = ingest.clientAuthorities.get();
        if (certificate.isPresent() != key.isPresent()) {
            throw new ConfigurationProblem("--otlp-tls-cert and --otlp-tls-key need each other");
        }
        if (authorities.isPresent() && key.isEmpty()) {
            throw new ConfigurationProblem("--otlp-client-ca needs --otlp-tls-cert and --otlp-tls-key");
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        requireReadable("--otlp-tls-cert", certificate.get());
        requireReadable("--otlp-tls-key", key.get());
        authorities.ifPresent(file -> requireReadable("--otlp-client-ca", file));
        return Optional.of(new PemFiles(certificate.get(), key.get(), authorities));
    }

    private static void requireReadable(String option, Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigurationProblem(
                    option + " " + file + ": cannot be read; check its path and who may read it");
        }
    }

    private static boolean isLoopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigurationProblem(
                    "--bind " + bind + " is no address, and no name of one that is known here", e);
        }
    }

    /** Hands on the tokens whenever their file changes; what is returned ends that. */
    static Runnable follow(IngestOptions ingest, Consumer<List<ClientToken>> tokens) {
        Optional<Path> path = ingest.tokens.get();
        if (path.isEmpty()) {
            return () -> {};
        }
        TokenFile file = new TokenFile(path.get());
        String[] last = {file.text()};
        ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "conjunct-otlp-tokens");
            thread.setDaemon(true);
            return thread;
        });
        looker.scheduleWithFixedDelay(() -> look(file, last, tokens), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        return looker::shutdownNow;
    }

    private static void look(TokenFile file, String[] last, Consumer<List<ClientToken>> tokens) {
        try {
            String text = file.text();
            if (!text.equals(last[0])) {
                last[0] = text;
                List<ClientToken> now = file.parse(text);
                tokens.accept(now);
                LOG.info("Tokens in force: {}", now.size());
            }
        } catch (RuntimeException e) {
            LOG.error("Tokens stay as they were: {}", e.getMessage());
        }
    }
}
